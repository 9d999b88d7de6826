package dev.caravan.dryrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.caravan.delivery.StepFailure;
import dev.caravan.dryrun.Effect.Change;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.DataSources;
import dev.caravan.sink.DownloadRules;
import dev.caravan.sink.HttpDefaults;
import dev.caravan.sink.Sinks;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a dry run nothing leaves the process, and what would have is seen with the step that did it. */
@SuppressWarnings("NullAway.Init") // Each test starts its own.
class DryRunTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private final Map<String, Properties> parameters = new ConcurrentHashMap<>();
    private final WireMockServer real =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));
    private DryRun dryRun;
    private DataSources databases;
    private CamelContext camel;

    @BeforeEach
    void listenAtTheRealAddress() {
        real.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
        databases.close();
        dryRun.close();
        real.stop();
    }

    private void start(DryRun.Sql sql, RouteBuilder routes) throws Exception {
        dryRun = DryRun.start(CLOCK, sql);
        camel = new DefaultCamelContext();
        dryRun.install(camel);
        databases = DataSources.open(directory, List.of());
        databases.bind(camel.getRegistry());
        DownloadRules downloads =
                new DownloadRules(List.of("files.example.com"), List.of(), 1_000_000, Duration.ofSeconds(5));
        camel.getRegistry()
                .bind("sinks", new Sinks(CLOCK, dryRun.destinations(), downloads, dryRun.statements(), Budgets.none()));
        camel.getComponent("kamelet", KameletComponent.class).setRouteProperties(parameters);
        HttpDefaults.apply(camel, dryRun.destinations());
        camel.addRoutes(routes);
        camel.start();
    }

    private String kamelet(String name, String id, Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        parameters.put(id, properties);
        return "kamelet:" + name + "/" + id;
    }

    private Exchange event(Map<String, ?> body) {
        return camel.createProducerTemplate().request("direct:in", exchange -> {
            exchange.getIn().setBody(body);
            exchange.setVariable("eventId", "evt_1");
            exchange.setVariable("eventSource", "koji");
        });
    }

    private <T> List<T> seen(Class<T> kind) {
        return dryRun.effects().stream()
                .map(Effect::what)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static RouteBuilder route(String id, List<String[]> steps) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                var route = from("direct:in").routeId(id);
                steps.forEach(step -> route.to(step[1]).id(step[0]));
            }
        };
    }

    @Test
    void aMessageIsCapturedWithTheStepThatSentIt() throws Exception {
        String hook = "http://127.0.0.1:" + real.port() + "/services/T0/B0/X";
        start(DryRun.Sql.RUN, route("tell", List.<String[]>of(new String[] {
            "message", kamelet("slack-message-sink", "m", Map.of("webhookUrl", hook, "text", "Hi ${body[name]}"))
        })));

        assertThat(event(Map.of("name", "Ann")).getException()).isNull();

        assertThat(dryRun.effects("evt_1", "tell")).singleElement().satisfies(effect -> {
            assertThat(effect.place().step()).isEqualTo("message");
            assertThat(((Effect.Request) effect.what()).request().url()).isEqualTo(hook);
        });
        assertThat(seen(Effect.Request.class).get(0).request().text()).contains("Hi Ann");
        assertThat(real.getAllServeEvents()).isEmpty();
    }

    @Test
    void noWayOfSendingReachesARealAddress() throws Exception {
        String base = "http://127.0.0.1:" + real.port();
        start(
                DryRun.Sql.RUN,
                route(
                        "all",
                        List.of(
                                new String[] {"plain", base + "/plain?a=b"},
                                new String[] {"slack", "slack:#general?webhookUrl=" + base + "/slack"},
                                new String[] {
                                    "token",
                                    kamelet(
                                            "slack-message-sink",
                                            "t",
                                            Map.of("token", "xoxb-1", "channel", "#general", "text", "Hi"))
                                },
                                new String[] {
                                    "forward", kamelet("http-forward-sink", "f", Map.of("url", base + "/forward"))
                                },
                                new String[] {
                                    "download",
                                    kamelet(
                                            "download-json-action",
                                            "d",
                                            Map.of("url", "https://files.example.com/transcript/1"))
                                })));

        Exchange done = event(Map.of("name", "Ann"));

        assertThat(done.getException()).isNull();
        assertThat(done.getVariable("download"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsKey("messages");
        assertThat(seen(Effect.Request.class))
                .extracting(request -> URI.create(request.request().url()).getPath())
                .contains("/plain", "/slack", "/api/chat.postMessage", "/forward", "/transcript/1");
        assertThat(real.getAllServeEvents()).isEmpty();
    }

    @Test
    void aComponentThatReachesOutIsRefusedAndTheRestGoesOn() throws Exception {
        start(DryRun.Sql.RUN, new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .routeId("keep")
                        .to("file:" + directory + "?fileName=out.txt")
                        .id("write");
                from("direct:other").routeId("other").log("still here");
            }
        });

        Exchange done = event(Map.of());

        assertThat(done.getException(StepFailure.class).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(done.getException()).hasMessageContaining("does not use the component file");
        assertThat(dryRun.effects("evt_1", "keep")).singleElement().satisfies(effect -> {
            assertThat(effect.place().step()).isEqualTo("write");
            assertThat(((Effect.Refusal) effect.what()).component()).isEqualTo("file");
        });
        assertThat(directory.resolve("out.txt")).doesNotExist();
        assertThat(camel.createProducerTemplate()
                        .request("direct:other", exchange -> {})
                        .getException())
                .isNull();
    }

    @Test
    void anExpressionLoadsNothingFromElsewhere() {
        RouteBuilder elsewhere = new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").transform(simple("resource:http://127.0.0.1:" + real.port() + "/script"));
            }
        };

        assertThatThrownBy(() -> start(DryRun.Sql.RUN, elsewhere)).hasStackTraceContaining("loads nothing over http");
        assertThat(real.getAllServeEvents()).isEmpty();
    }

    private RouteBuilder interviews() {
        return route("store", List.<String[]>of(new String[] {
            "row",
            kamelet(
                    "database-upsert-sink",
                    "row",
                    Map.of(
                            "table", "interviews",
                            "key", "source,session_id",
                            "columns", """
                                    source: ${variable.eventSource}
                                    session_id: ${body[id]}
                                    participant_email: ${body[email]}
                                    duration_minutes: ${body[minutes]}
                                    """))
        }));
    }

    @Test
    void theDemoWritesRowsAndShowsWhatIsInTheDatabase() throws Exception {
        start(DryRun.Sql.RUN, interviews());

        event(Map.of("id", "s1", "email", "ann@example.com"));
        event(Map.of("id", "s1", "minutes", 21));

        List<Effect.Row> rows = seen(Effect.Row.class);
        assertThat(rows).extracting(Effect.Row::change).containsExactly(Change.INSERTED, Change.UPDATED);
        assertThat(rows.get(1).table()).isEqualTo("results.interviews");
        assertThat(rows.get(1).keyValues()).containsExactly(Map.entry("source", "koji"), Map.entry("session_id", "s1"));
        assertThat(rows.get(1).values())
                .containsEntry("participant_email", "ann@example.com")
                .containsEntry("duration_minutes", 21.0)
                .doesNotContainKey("transcript");
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void aDryRunShowsRowsAndWritesNone() throws Exception {
        start(DryRun.Sql.SHOW, interviews());

        assertThat(event(Map.of("id", "s1", "email", "ann@example.com")).getException())
                .isNull();

        assertThat(seen(Effect.Row.class)).singleElement().satisfies(row -> {
            assertThat(row.change()).isEqualTo(Change.NOT_RUN);
            assertThat(row.values()).containsEntry("participant_email", "ann@example.com");
        });
        assertThat(count()).isZero();
    }

    private static RouteBuilder ownSql() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .routeId("own")
                        .setHeader("id", simple("${body[id]}"))
                        .setBody(constant("INSERT INTO interviews (source, session_id) VALUES ('x', :?id)"))
                        .to("jdbc:results?useHeadersAsParameters=true")
                        .id("sql");
            }
        };
    }

    @Test
    void aStatementOfARoutesOwnIsRunInTheDemo() throws Exception {
        start(DryRun.Sql.RUN, ownSql());

        assertThat(event(Map.of("id", "s1")).getException()).isNull();

        assertThat(seen(Effect.Statement.class)).singleElement().satisfies(statement -> {
            assertThat(statement.run()).isTrue();
            assertThat(statement.values()).containsEntry("id", "s1");
        });
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void aStatementOfARoutesOwnIsOnlyShownInADryRun() throws Exception {
        start(DryRun.Sql.SHOW, ownSql());

        assertThat(event(Map.of("id", "s1")).getException()).isNull();

        assertThat(seen(Effect.Statement.class)).singleElement().satisfies(statement -> {
            assertThat(statement.run()).isFalse();
            assertThat(statement.sql()).startsWith("INSERT INTO interviews");
        });
        assertThat(count()).isZero();
    }

    @Test
    void aListenerSeesEachEffectAsItHappens() throws Exception {
        List<@Nullable Effect> live = new CopyOnWriteArrayList<>();
        start(DryRun.Sql.RUN, interviews());
        dryRun.listen(live::add);

        event(Map.of("id", "s1"));

        assertThat(live).isEqualTo(dryRun.effects()).hasSize(1);
    }

    private int count() throws Exception {
        try (Connection connection = camel.getRegistry()
                        .lookupByNameAndType("results", DataSource.class)
                        .getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM interviews")) {
            return rows.getInt(1);
        }
    }
}

package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.acceptance.SlackStandIn.Reply;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.settings.InvalidSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The management listener: what it tells, to whom, and what it lets them do. */
@Timeout(60)
class ManagementTest {
    private static final String TOKEN = "console-hush-token";
    private static final String HEAD = "\r\nHost: %s\r\nConnection: close\r\n\r\n";
    private static final Duration QUIET = Duration.ofMillis(700);

    @TempDir
    private Path directory;

    private Workplace place;

    @BeforeEach
    void prepare() {
        place = new Workplace(directory);
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void healthAndMetricsAreThere() {
        place.start();
        Web web = place.management();
        assertThat(web.get("/observe/health/live").json().path("status").asText())
                .isEqualTo("UP");
        assertThat(web.get("/observe/health/ready").json().path("status").asText())
                .isEqualTo("UP");
        assertThat(web.get("/observe/health").status()).isEqualTo(200);
        assertThat(web.get("/observe/metrics").status()).isEqualTo(200);
        assertThat(web.get("/").header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(web.get("/webhooks/koji").status()).isEqualTo(404);
    }

    @Test
    void anAutomationThatIsOffOrBrokenDoesNotMakeTheNodeUnready() {
        place.route("broken", "- route: [")
                .route("off", toSlack("off", "x").replace("slack.research", "slack.unset"))
                .start();
        assertThat(place.management().get("/observe/health/ready").status()).isEqualTo(200);
        assertThat(place.management().get("/observe/health/live").status()).isEqualTo(200);
    }

    @Test
    void theListsTellEverythingButPayloadsAndSecrets() {
        place.slack().answer(text -> Reply.of(404));
        place.route("tell", toSlack("tell", "Done:"))
                .set("caravan.console.token", TOKEN)
                .start();
        String id = place.koji(Vendor.interview("int_1", "s", "Payload Person"))
                .json()
                .path("id")
                .asText();
        place.web().post("/webhooks/koji", "{\"forged\":\"Payload Person\"}");
        place.awaitOnly("tell", DeliveryState.DEAD);

        String all = "";
        for (String list : new String[] {"status", "events", "deliveries", "automations", "sources"}) {
            Answer answer = authorized("/api/v1/" + list);
            assertThat(answer.status()).as(list).isEqualTo(200);
            all += answer.body();
        }
        assertThat(all)
                .contains(id, "\"tell\"", "\"dead\"", "routes/tell.yaml")
                .doesNotContain("Payload Person", Workplace.SECRET, SlackStandIn.HUSH, TOKEN);
        assertThat(authorized("/api/v1/events/" + id)
                        .json()
                        .at("/payload/data/participant/name")
                        .asText())
                .isEqualTo("Payload Person");
        JsonNode dead =
                authorized("/api/v1/deliveries?state=dead&automation=tell").json();
        assertThat(dead.at("/0/lastAttempt/step").asText()).isEqualTo("message");
        assertThat(dead.at("/0/lastAttempt/httpStatus").asInt()).isEqualTo(404);
        assertThat(authorized("/api/v1/events/evt_none").status()).isEqualTo(404);
        assertThat(authorized("/api/v1/events?limit=many").status()).isIn(200, 400);
    }

    private Answer authorized(String path) {
        return place.management().get(path, "Authorization", "Bearer " + TOKEN);
    }

    @Test
    void withATokenNothingButHealthIsToldWithoutIt() {
        place.set("caravan.console.token", TOKEN).start();
        place.koji(Vendor.interview("int_1"));
        for (String path : List.of(
                "/api/v1/events",
                "/",
                "/observe/metrics",
                "/observe/health/../../api/v1/events",
                "/observe/health/%2e%2e/%2e%2e/api/v1/events",
                "/observe/health/../metrics",
                "/observe/healthy/../../api/v1/status",
                "//api/v1/events")) {
            assertThat(place.management().raw("GET " + path + " HTTP/1.1" + HEAD.formatted("localhost"), QUIET))
                    .as(path)
                    .startsWith("HTTP/1.1 4")
                    .doesNotContain("int_1", "HELP");
        }
        assertThat(place.management().get("/observe/health/ready").status()).isEqualTo(200);
    }

    @Test
    void theTokenComesAsBearerOrAsThePasswordThatABrowserAsksFor() {
        place.set("caravan.console.token", TOKEN).start();
        Web web = place.management();
        String basic = Base64.getEncoder().encodeToString(("anyone:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        assertThat(authorized("/api/v1/status").status()).isEqualTo(200);
        assertThat(web.get("/api/v1/status", "Authorization", "Basic " + basic).status())
                .isEqualTo(200);
        assertThat(web.get("/api/v1/status", "Authorization", "Bearer wrong").status())
                .isEqualTo(401);
        assertThat(web.get("/api/v1/status", "Authorization", "Basic %%%").status())
                .isEqualTo(401);
    }

    @Test
    void withoutATokenOnlyThisMachinesNamesAreAnswered() {
        place.start();
        Web web = place.management();
        assertThat(web.raw("GET /api/v1/events HTTP/1.1" + HEAD.formatted("evil.example.com"), QUIET))
                .startsWith("HTTP/1.1 401 ");
        assertThat(web.raw("GET /api/v1/events HTTP/1.0\r\n\r\n", QUIET)).startsWith("HTTP/1.0 401 ");
        assertThat(web.raw("GET /api/v1/events HTTP/1.1" + HEAD.formatted("localhost:1"), QUIET))
                .startsWith("HTTP/1.1 200 ");
        assertThat(web.post("/api/v1/deliveries/dlv_x/replay", "").status())
                .as("what a stranger's page could send")
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
    void beyondLoopbackTheNodeDoesNotStartWithoutAToken(String host) {
        place.set("camel.management.host", host);
        assertThatThrownBy(() -> NodeConfig.read(directory))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid -> assertThat(invalid.problems())
                                .singleElement()
                                .asString()
                                .contains("camel.management.host", host, "caravan.console.token"));
        place.set("caravan.console.token", TOKEN);
        NodeConfig.read(directory);
    }

    @Test
    void aDeadLetterIsReplayedOverTheApi() {
        place.slack().answer(text -> Reply.of(404));
        place.route("tell", toSlack("tell", "Done:")).start();
        place.koji(Vendor.interview("int_1"));
        String id = place.awaitOnly("tell", DeliveryState.DEAD).id();
        place.slack().answer(text -> SlackStandIn.OK);

        String path = "/api/v1/deliveries/" + id + "/replay";
        Answer answer = place.management().post(path, "{}", "Content-Type", "application/json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("was").asText()).isEqualTo("dead");
        assertThat(place.awaitOnly("tell", DeliveryState.SUCCEEDED).manual()).isTrue();
        assertThat(place.slack().accepted()).hasSize(1);
        assertThat(place.management()
                        .post("/api/v1/deliveries/dlv_none/replay", "{}", "Content-Type", "application/json")
                        .status())
                .isEqualTo(404);
        assertThat(place.inbox().attemptsOf(id)).hasSize(2);
    }
}

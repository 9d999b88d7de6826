package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caravan.delivery.StepFailure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewestRowTest {
    private static final String ROUTE = """
            - route:
                id: stored
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: row
                        uri: kamelet:database-upsert-sink
                        parameters:
                          datasource: DATASOURCE
                          table: campaigns
                          key: source,campaign_id
                          newest: NEWEST
                          columns: |
                            source: ${variable.eventSource}
                            campaign_id: ${body[id]}
                            status: ${body[status]}
                            updated_at: ${body[at]}
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedPostgres postgres;
    private static DataSources sources;

    @BeforeAll
    static void open() throws Exception {
        postgres = EmbeddedPostgres.start();
        sources = DataSources.open(
                directory,
                List.of(new DataSources.Definition("pg", postgres.getJdbcUrl("postgres", "postgres"), null, null, 2)));
        try (Connection connection = sources.named("pg").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE campaigns (source TEXT, campaign_id TEXT, status TEXT,"
                    + " updated_at TIMESTAMPTZ, PRIMARY KEY (source, campaign_id))");
        }
    }

    @AfterAll
    static void close() throws Exception {
        sources.close();
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void anEventThatComesLateLeavesTheRowAsItIs(String dataSource) throws Exception {
        try (SinkRoutes routes = route(dataSource, "updated_at")) {
            assertThat(event(routes, "c1", "paused", "2026-01-02T08:00:00Z")).isNull();
            assertThat(event(routes, "c1", "started", "2026-01-01T08:00:00Z")).isNull();
            assertThat(status(dataSource, "c1")).isEqualTo("paused");
            assertThat(event(routes, "c1", "ended", "2026-01-03T08:00:00Z")).isNull();
            assertThat(status(dataSource, "c1")).isEqualTo("ended");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void aRepeatedDeliveryAndARowWithoutAValueAreWritten(String dataSource) throws Exception {
        try (Connection connection = sources.named(dataSource).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO campaigns (source, campaign_id) VALUES ('koji', 'c2')");
        }
        try (SinkRoutes routes = route(dataSource, "updated_at")) {
            assertThat(event(routes, "c2", "paused", "2026-01-02T08:00:00Z")).isNull();
            assertThat(event(routes, "c2", "again", "2026-01-02T08:00:00Z")).isNull();
        }
        assertThat(status(dataSource, "c2")).isEqualTo("again");
    }

    @Test
    void anEventWithoutTheValueIsRefused() throws Exception {
        try (SinkRoutes routes = route("results", "updated_at")) {
            assertThat(event(routes, "c3", "paused", null))
                    .isInstanceOfSatisfying(
                            StepFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT))
                    .hasMessageContaining("updated_at");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "campaign_id"})
    void aColumnThatCannotDecideIsNamedWhenTheRouteIsLoaded(String column) {
        assertThat(catchThrowable(() -> route("results", column)))
                .hasStackTraceContaining("The column " + column + " of the parameter newest");
    }

    @Test
    void mysqlDecidesInEachAssignmentAndAssignsTheDecidingColumnLast() {
        assertThat(UpsertDialect.ON_DUPLICATE_KEY.statements(
                        "t", List.of("id"), List.of("id", "updated_at", "status"), "updated_at"))
                .containsExactly("INSERT INTO `t` (`id`, `updated_at`, `status`) VALUES (:?c1, :?c2, :?c3)"
                        + " ON DUPLICATE KEY UPDATE"
                        + " `status` = IF(`updated_at` IS NULL OR `updated_at` <= VALUES(`updated_at`),"
                        + " VALUES(`status`), `status`),"
                        + " `updated_at` = IF(`updated_at` IS NULL OR `updated_at` <= VALUES(`updated_at`),"
                        + " VALUES(`updated_at`), `updated_at`)");
    }

    private static SinkRoutes route(String dataSource, String newest) throws Exception {
        SinkRoutes routes = SinkRoutes.sending();
        sources.bind(routes.camel.getRegistry());
        return routes.load(ROUTE.replace("DATASOURCE", dataSource).replace("NEWEST", newest));
    }

    private static @Nullable Exception event(SinkRoutes routes, String id, String status, @Nullable String at) {
        Map<String, Object> body = new HashMap<>(Map.of("id", id, "status", status));
        body.put("at", at);
        Exchange exchange = routes.event(body);
        return exchange.getException();
    }

    private static String status(String dataSource, String id) throws Exception {
        try (Connection connection = sources.named(dataSource).getConnection();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT status FROM campaigns WHERE campaign_id = '" + id + "'")) {
            assertThat(found.next()).isTrue();
            return found.getString(1);
        }
    }
}

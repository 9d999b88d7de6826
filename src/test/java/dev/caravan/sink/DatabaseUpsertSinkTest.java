package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.StepFailure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUpsertSinkTest {
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
                          datasource: results
                          table: calls
                          key: source, call_id
                          columns: |
                            source: ${variable.eventSource}
                            call_id: ${body[id]}
                            status: ${body[status]}
                            # A number stays one, an object becomes JSON.
                            duration_seconds: ${body[seconds]}
                            retry: ${body[retry]}
                            transcript: ${body[transcript]}
                            contact_name: ${body[first]} ${body[last]}
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
            statement.execute("CREATE TABLE calls (source TEXT, call_id TEXT, status TEXT, duration_seconds INTEGER,"
                    + " retry JSONB, transcript TEXT, contact_name TEXT, PRIMARY KEY (source, call_id))");
        }
    }

    @AfterAll
    static void close() throws Exception {
        sources.close();
        postgres.close();
    }

    private static SinkRoutes route(String dataSource, String yaml, Predicate<SqlStatement> statements)
            throws Exception {
        SinkRoutes routes = new SinkRoutes(
                new Sinks(SinkRoutes.CLOCK, Destinations.real(), DownloadRules.none(), statements, Budgets.none()));
        sources.bind(routes.camel.getRegistry());
        return routes.load(yaml.replace("datasource: results", "datasource: " + dataSource));
    }

    private static SinkRoutes route(String dataSource) throws Exception {
        return route(dataSource, ROUTE, statement -> true);
    }

    private static List<Map<String, Object>> rows(String dataSource, String id) throws SQLException {
        try (Connection connection = sources.named(dataSource).getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT source, call_id, status, duration_seconds, retry,"
                        + " transcript, contact_name FROM calls WHERE call_id = '" + id + "'")) {
            List<Map<String, Object>> rows = new ArrayList<>();
            while (found.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
                    row.put(found.getMetaData().getColumnName(column), found.getObject(column));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static void ok(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void eventsOfOneKeyMakeOneRowAndNoneBlanksAnother(String dataSource) throws Exception {
        try (SinkRoutes routes = route(dataSource)) {
            ok(routes.event(
                    Map.of("id", "c1", "status", "ended", "seconds", 295, "retry", Map.of("will_retry", false))));
            ok(routes.event(Map.of("id", "c1", "status", "ended", "seconds", 295)));
            ok(routes.event(Map.of("id", "c1", "transcript", "Agent: Hi", "first", "John", "last", "Doe")));
        }
        assertThat(rows(dataSource, "c1")).singleElement().satisfies(row -> {
            assertThat(row)
                    .containsEntry("source", "koji")
                    .containsEntry("status", "ended")
                    .containsEntry("transcript", "Agent: Hi")
                    .containsEntry("contact_name", "John Doe");
            assertThat(row.get("duration_seconds")).asString().startsWith("295");
            assertThat(row.get("retry")).asString().isEqualToIgnoringWhitespace("{\"will_retry\":false}");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void valuesAreBoundAndArriveExactly(String dataSource) throws Exception {
        String value = "'); DROP TABLE calls; -- :?c1 ${body[id]} {{x}} & + % \"q\" \\ 🚐\nline";
        try (SinkRoutes routes = route(dataSource)) {
            ok(routes.event(Map.of("id", "c2", "status", value, "transcript", "a\u0000b")));
        }
        assertThat(rows(dataSource, "c2"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("status", value).containsEntry("transcript", "ab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void anEventWithNothingButItsKeyStillMakesARow(String dataSource) throws Exception {
        try (SinkRoutes routes = route(dataSource)) {
            ok(routes.event(Map.of("id", "c3")));
            ok(routes.event(Map.of("id", "c3")));
        }
        assertThat(rows(dataSource, "c3")).hasSize(1);
    }

    @Test
    void columnsMayBeAMapping() throws Exception {
        String json = ROUTE.replaceAll("(?s)columns: \\|.*", "")
                + "columns: '{\"source\": \"x\", \"call_id\": \"${body[id]}\", \"duration_seconds\": 5}'\n";
        try (SinkRoutes routes = route("results", json, statement -> true)) {
            ok(routes.event(Map.of("id", "c4")));
        }
        assertThat(rows("results", "c4"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("source", "x").containsEntry("duration_seconds", 5.0));
    }

    @Test
    void aDryRunSeesTheStatementAndWritesNothing() throws Exception {
        List<SqlStatement> seen = new ArrayList<>();
        try (SinkRoutes routes = route("results", ROUTE, statement -> !seen.add(statement))) {
            ok(routes.event(Map.of("id", "c5", "status", "ended")));
        }
        assertThat(rows("results", "c5")).isEmpty();
        assertThat(seen).singleElement().satisfies(statement -> {
            assertThat(statement.sql())
                    .isEqualTo("INSERT INTO \"calls\" (\"source\", \"call_id\", \"status\") VALUES (:?c1, :?c2, :?c3)"
                            + " ON CONFLICT (\"source\", \"call_id\") DO UPDATE SET \"status\" = excluded.\"status\"");
            assertThat(statement.columns()).containsEntry("status", "ended").containsEntry("call_id", "c5");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void aMissingTableOrColumnOrKeyIsPermanentAndQuotesNoValue(String dataSource) throws Exception {
        Map<String, String> mistakes = new HashMap<>();
        mistakes.put(ROUTE.replace("table: calls", "table: none"), "the table does not exist");
        mistakes.put(ROUTE.replace("status:", "nothing:"), "a column does not exist");
        mistakes.put(ROUTE.replace("key: source, call_id", "key: status"), "unique index");
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            try (SinkRoutes routes = route(dataSource, mistake.getKey(), statement -> true)) {
                Exchange exchange = routes.event(Map.of("id", "c6", "status", "PRIVATE"));
                assertThat(exchange.getException(StepFailure.class)).satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
                    assertThat(failure).hasMessageContaining(mistake.getValue()).hasNoCause();
                    assertThat(failure.getMessage()).doesNotContain("PRIVATE");
                });
            }
        }
    }

    @Test
    void anEventWithoutItsKeyIsPermanent() throws Exception {
        try (SinkRoutes routes = route("results")) {
            assertThat(routes.event(Map.of("status", "x")).getException(StepFailure.class))
                    .hasMessageContaining("key column call_id")
                    .extracting(StepFailure::kind)
                    .isEqualTo(StepFailure.Kind.PERMANENT);
        }
    }

    @Test
    void aDatabaseThatIsAwayPasses() throws Exception {
        try (DataSources away = DataSources.open(
                        directory.resolve("away"),
                        List.of(new DataSources.Definition("gone", "jdbc:postgresql://127.0.0.1:1/x", "u", "p", 1)));
                SinkRoutes routes = SinkRoutes.sending()) {
            away.bind(routes.camel.getRegistry());
            routes.load(ROUTE.replace("datasource: results", "datasource: gone"));
            assertThat(routes.event(Map.of("id", "c7"))
                            .getException(StepFailure.class)
                            .kind())
                    .isEqualTo(StepFailure.Kind.PASSING);
        }
    }

    @Test
    void aLockedFilePasses() {
        SQLException busy = new org.sqlite.SQLiteException("busy", org.sqlite.SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT);
        assertThat(SqlFailures.of(busy, "It").kind()).isEqualTo(StepFailure.Kind.PASSING);
        SQLException full = new org.sqlite.SQLiteException("x", org.sqlite.SQLiteErrorCode.SQLITE_CONSTRAINT_NOTNULL);
        assertThat(SqlFailures.of(full, "It").kind()).isEqualTo(StepFailure.Kind.PERMANENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "40001", "40P01", "55P03", "57P01", "53300"})
    void whatADatabaseCannotDoNowPasses(String state) {
        assertThat(SqlFailures.of(new SQLException("x", state), "It").kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "22001", "42601", "28P01"})
    void whatItRefusesIsPermanent(String state) {
        assertThat(SqlFailures.of(new SQLException("x", state), "It").kind()).isEqualTo(StepFailure.Kind.PERMANENT);
    }

    @Test
    void theOtherDialectsWriteByKeyToo() {
        List<String> columns = List.of("k", "v");
        assertThat(UpsertDialect.of("MariaDB").statements("s.t", List.of("k"), columns))
                .containsExactly("INSERT INTO `s`.`t` (`k`, `v`) VALUES (:?c1, :?c2)"
                        + " ON DUPLICATE KEY UPDATE `v` = VALUES(`v`)");
        assertThat(UpsertDialect.of("Oracle").statements("t", List.of("k"), columns))
                .containsExactly(
                        "UPDATE \"t\" SET \"v\" = :?c2 WHERE \"k\" = :?c1",
                        "INSERT INTO \"t\" (\"k\", \"v\") VALUES (:?c1, :?c2)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"table: calls; drop", "key: nope", "table: \"a b\""})
    void aNameThatIsNoneIsRefusedWhenTheRouteIsLoaded(String line) {
        String yaml = line.startsWith("key")
                ? ROUTE.replace("key: source, call_id", line)
                : ROUTE.replace("table: calls", line);
        assertThatThrownBy(() -> route("results", yaml, statement -> true))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void aRowThatIsThereIsFoundAndAnyOtherIsNot(String dataSource) throws Exception {
        Map<String, Object> event =
                Map.of("id", "l1", "status", "ended", "seconds", 295, "retry", Map.of("will_retry", false));
        try (SinkRoutes routes = route(dataSource)) {
            assertThat(routes.look(event)).isInstanceOf(Look.Absent.class);
            assertThat(rows(dataSource, "l1")).isEmpty();
            ok(routes.event(event));

            assertThat(routes.look(event)).isInstanceOf(Look.Found.class);
            assertThat(routes.look(Map.of("id", "l1", "status", "failed"))).isInstanceOf(Look.Absent.class);
            assertThat(routes.look(Map.of("id", "l2", "status", "ended"))).isInstanceOf(Look.Absent.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void aLookThatTheDatabaseRefusesIsAFailure(String dataSource) throws Exception {
        try (SinkRoutes routes = route(dataSource, ROUTE.replace("table: calls", "table: nowhere"), s -> true)) {
            assertThatThrownBy(() -> routes.look(Map.of("id", "l1")))
                    .isInstanceOf(StepFailure.class)
                    .hasMessageContaining("nowhere");
        }
    }

    @Test
    void aColumnThatCannotBeComparedIsWrittenAgain() throws Exception {
        try (Connection connection = sources.named("pg").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE raw (call_id TEXT PRIMARY KEY, retry JSON)");
        }
        String yaml = ROUTE.replace("table: calls", "table: raw")
                .replace("key: source, call_id", "key: call_id")
                .replaceAll("(?m)^ +(source|status|duration_seconds|transcript|contact_name): .*\n", "");
        try (SinkRoutes routes = route("pg", yaml, s -> true)) {
            Map<String, Object> event = Map.of("id", "l1", "retry", Map.of("will_retry", false));
            ok(routes.event(event));

            assertThat(routes.look(event)).isInstanceOf(Look.Absent.class);
        }
    }
}

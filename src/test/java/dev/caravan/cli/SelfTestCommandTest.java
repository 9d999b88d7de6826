package dev.caravan.cli;

import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.Postgres;
import dev.caravan.acceptance.Workplace;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The self-test as a user runs it, with nodes that are killed. */
@Timeout(240)
@SuppressWarnings("NullAway.Init") // Each test has its own.
class SelfTestCommandTest {
    @TempDir
    private Path directory;

    private Workplace place;

    @BeforeEach
    void aUsersDirectory() {
        place = new Workplace(directory).route("tell", Workplace.toSlack("tell", "Done:"));
        place.set("caravan.source.without-secret.preset", "koji");
        place.set("caravan.source.acme.signature", "hmac-sha256");
        place.set("caravan.source.acme.signature.header", "X-Acme-Signature");
        place.set("caravan.source.acme.event-type", "/event");
        place.set("caravan.source.acme.idempotency-key", "/event + /data/id");
        place.set("caravan.source.github.preset", "github");
        place.set("caravan.source.stripe.preset", "stripe");
        place.route("nowhere", Workplace.toSlack("nowhere", "{{no.such.key}}"));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        place.close();
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(child -> child.info().commandLine().orElse("").contains(SelfTestNodeCommand.NAME));
        assertThat(directory.resolve("data")).doesNotExist();
        assertThat(place.slack().accepted()).isEmpty();
    }

    @Test
    void nothingIsLostOrDoubledThroughAKill() {
        Typed typed = type("selftest", "--dir", directory, "--events", 200, "--kills", 1, "--json");

        JsonNode verdict = passed(typed);
        assertThat(verdict.path("database").asText()).isEqualTo("SQLite");
        assertThat(verdict.path("kills").asInt()).isEqualTo(1);
        assertThat(verdict.path("automations").toString()).contains("\"tell\"").doesNotContain("nowhere");
        assertThat(verdict.path("sourcesWithoutSamples")).isEmpty();
        assertThat(verdict.path("probe").asBoolean()).isFalse();
        assertThat(verdict.path("effects").asInt())
                .isEqualTo(verdict.path("deliveries").path("succeeded").asInt())
                .isPositive();
        assertThat(verdict.path("off").path("nowhere").asText()).contains("no.such.key");
    }

    @Test
    void onPostgresItHasASchemaOfItsOwn() throws SQLException {
        String url = Postgres.newDatabase();
        place.set("caravan.inbox.url", url);

        Typed typed = type("selftest", "--dir", directory, "--events", 100, "--kills", 0, "--json");

        assertThat(passed(typed).path("database").asText()).isEqualTo("PostgreSQL");
        try (var connection = DriverManager.getConnection(url);
                var tables = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = 'public' OR n.nspname LIKE 'caravan%'")) {
            assertThat(tables.next()).isTrue();
            assertThat(tables.getInt(1)).isZero();
        }
    }

    private static JsonNode passed(Typed typed) {
        assertThat(typed.exit()).as("%s%s", typed.out(), typed.err()).isZero();
        JsonNode verdict = typed.json();
        assertThat(verdict.path("passed").asBoolean()).isTrue();
        assertThat(verdict.path("accepted").asInt())
                .isEqualTo(verdict.path("sent").asInt())
                .isPositive();
        assertThat(verdict.path("lost").asInt()).isZero();
        assertThat(verdict.path("doubled").asInt()).isZero();
        return verdict;
    }

    @Test
    void anEndBeforeItIsDoneIsNoPass() {
        Typed typed = type("selftest", "--dir", directory, "--events", 100_000, "--kills", 0, "--timeout", "12s");

        assertThat(typed.exit()).isEqualTo(1);
        assertThat(typed.out() + typed.err()).containsAnyOf("not finished in time", "did not start within", "lost");
    }

    @Test
    void aNodeThatDoesNotStartIsSaidInItsOwnWords() {
        place.set("camel.server.nonsense", "1");

        Typed typed = type("selftest", "--dir", directory, "--events", 10, "--kills", 0);

        assertThat(typed.exit()).as(typed.out() + typed.err()).isEqualTo(1);
        assertThat(typed.err()).contains("ended instead of starting", "camel.server.nonsense");
    }

    @Test
    void severalNodesNeedADatabaseThatTheyCanShare() {
        type("selftest", "--dir", directory, "--nodes", 3).refused().saying("--nodes is 3", "caravan.inbox.url");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        type("selftest", "--dir", directory, "--events", 0).refused().saying("--events is 0");
        type("selftest", "--dir", directory, "--timeout", "soon").refused().saying("--timeout is soon");
    }
}

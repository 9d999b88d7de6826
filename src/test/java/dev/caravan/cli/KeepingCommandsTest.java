package dev.caravan.cli;

import static dev.caravan.acceptance.Workplace.toSlack;
import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.acceptance.Vendor;
import dev.caravan.acceptance.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands by which a person keeps the inbox, and has it forget. */
@Timeout(90)
class KeepingCommandsTest {
    private static final String ANN = "ann@example.com";

    @TempDir
    private Path directory;

    @TempDir
    private Path elsewhere;

    private Workplace place;

    @BeforeEach
    void prepare() {
        place = new Workplace(directory).route("tell", toSlack("tell", "Done:"));
    }

    @AfterEach
    void close() {
        place.close();
    }

    private String event(String interview, String email) {
        return place.koji(Vendor.interview(interview).replace("alex@example.com", email))
                .json()
                .path("id")
                .asText();
    }

    private Typed forget(String... more) {
        List<String> words = Stream.concat(
                        Stream.of(
                                "forget",
                                "--dir",
                                directory.toString(),
                                "--json-pointer",
                                "/data/participant/email",
                                "--value",
                                ANN),
                        Arrays.stream(more))
                .toList();
        return type(words.toArray());
    }

    private Path database() {
        return directory.resolve("data/caravan.db");
    }

    private static String sql(Path file, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (var row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    @Test
    void aPersonIsForgottenThroughTheNodeThatRuns() {
        place.start();
        String ann = event("int_1", ANN);
        String bob = event("int_2", "bob@example.com");
        place.awaitSettled();

        Typed asked = forget();
        assertThat(asked.exit()).as(asked.out()).isEqualTo(2);
        assertThat(asked.err()).contains("--yes");
        assertThat(forget("--json").done().json().at("/plan/events").asInt()).isEqualTo(1);
        assertThat(place.inbox().event(ann).orElseThrow().hasPayload()).isTrue();

        Typed done = forget("--yes").done();

        assertThat(done.out())
                .contains("To be removed: the payloads of 1 events", "Removed: the payloads of 1 events", "results.db")
                .doesNotContain(ANN);
        assertThat(place.inbox().event(ann).orElseThrow().hasPayload()).isFalse();
        assertThat(type("event", ann, "--dir", directory).done().out())
                .contains("payload was removed")
                .doesNotContain(ANN);
        Typed json = type("event", ann, "--dir", directory, "--json").done();
        assertThat(json.json().has("payload")).isFalse();
        assertThat(json.json().has("payloadRemovedAt")).isTrue();
        assertThat(type("event", bob, "--dir", directory).done().out()).contains("bob@example.com");
        assertThat(event("int_1", ANN)).isEqualTo(ann);
        assertThat(forget("--yes").done().out()).contains("Nothing in the inbox");
    }

    @Test
    void aPersonIsForgottenWithoutANode() {
        place.start();
        String ann = event("int_1", ANN);
        place.awaitSettled();
        place.stop();

        assertThat(forget("--yes", "--json").done().json().at("/done/events").asInt())
                .isEqualTo(1);

        place.start();
        assertThat(place.inbox().event(ann).orElseThrow().hasPayload()).isFalse();
        assertThat(event("int_1", ANN)).isEqualTo(ann);
    }

    @Test
    void whoeverIsToBeForgottenMustBeNamed() {
        place.start();
        type("forget", "--dir", directory, "--value", "x").refused().saying("--json-pointer");
        type("forget", "--dir", directory, "--json-pointer", "data/email", "--value", "x")
                .refused()
                .saying("data/email", "/data/participant/email");
        type("forget", "--dir", directory, "--json-pointer", "/data/email", "--value", "")
                .refused()
                .saying("--value is empty");
    }

    @Test
    void aBackupOfARunningNodeIsRestoredAndGoesOn() throws Exception {
        place.start();
        String first = event("int_1", ANN);
        place.awaitSettled();
        place.slack().refuseAll(503);
        String second = event("int_2", ANN);
        Path file = elsewhere.resolve("monday.db");

        Typed backup = type("backup", file, "--dir", directory, "--json").done();
        assertThat(backup.json().path("events").asInt()).isEqualTo(2);
        assertThat(backup.json().path("deliveries").asInt()).isEqualTo(2);
        assertThat(backup.json().path("bytes").asLong()).isEqualTo(Files.size(file));
        type("backup", file, "--dir", directory).refused().saying("monday.db is there already");
        String late = event("int_3", ANN);
        place.stop();

        for (String beside : List.of("-wal", "-shm")) {
            Files.deleteIfExists(Path.of(database() + beside));
        }
        Files.delete(database());
        Files.copy(file, database());
        place.slack().acceptAll();
        place.start();
        type("replay", place.inbox().deliveriesOf(second).get(0).id(), "--dir", directory);
        place.awaitSettled();

        assertThat(event("int_1", ANN)).isEqualTo(first);
        assertThat(place.slack().accepted()).anyMatch(text -> text.toString().contains(second));
        assertThat(place.inbox().event(late)).isEmpty();
        assertThat(event("int_3", ANN)).isNotEqualTo(late);
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void eventsAreTakenInWhileABackupIsWritten() throws Exception {
        place.start();
        for (int i = 0; i < 200; i++) {
            event("int_" + i, ANN);
        }
        CompletableFuture<Typed> backups = CompletableFuture.supplyAsync(() -> {
            Typed last = type("backup", elsewhere.resolve("0.db"), "--dir", directory, "--json");
            for (int i = 1; i < 5; i++) {
                last = type("backup", elsewhere.resolve(i + ".db"), "--dir", directory, "--json");
            }
            return last;
        });
        int sent = 200;
        while (!backups.isDone()) {
            assertThat(place.koji(Vendor.interview("int_" + sent)).status()).isEqualTo(200);
            sent++;
        }

        Typed last = backups.join().done();
        assertThat(last.json().path("events").asInt()).isBetween(200, sent);
        assertThat(sql(elsewhere.resolve("4.db"), "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void aBackupThatCannotBeWrittenIsRefusedInASentence() throws IOException {
        type("backup", elsewhere.resolve("a.db"), "--dir", directory).refused().saying("There is no inbox");
        place.start();
        type("backup", elsewhere.resolve("none/a.db"), "--dir", directory)
                .refused()
                .saying("none");
        place.set("caravan.inbox.url", "jdbc:postgresql://localhost/caravan");
        type("backup", elsewhere.resolve("a.db"), "--dir", directory).refused().saying("pg_dump");
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void anOlderVersionRefusesANewerSchemaAndLeavesItAlone() throws IOException {
        place.start();
        event("int_1", ANN);
        place.awaitSettled();
        place.stop();
        sql(database(), "PRAGMA user_version = 999");
        byte[] before = Files.readAllBytes(database());

        for (String command : List.of(
                "run",
                "check",
                "events",
                "event evt_1",
                "deliveries",
                "replay --dead",
                "forget --json-pointer /a --value b --yes")) {
            type((Object[]) (command + " --dir " + directory).split(" ", -1))
                    .refused()
                    .saying("has schema 999", "run the newer version that made it");
        }
        type("backup", elsewhere.resolve("a.db"), "--dir", directory).refused().saying("has schema 999");

        assertThat(Files.readAllBytes(database())).isEqualTo(before);
    }
}

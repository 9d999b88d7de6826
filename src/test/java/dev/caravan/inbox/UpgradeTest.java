package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that the first version made, in the hands of this one. */
@Timeout(60)
class UpgradeTest {
    private static final List<String> FIRST_VERSION =
            List.of("001-inbox.sql", "002-quarantine-total.sql", "003-steps.sql");

    private static final List<String> ROWS = List.of(
            "INSERT INTO event VALUES (1, 'evt_1', 'koji', 'k1', 'interview.completed', 5, 1000, '{\"a\":\"b\"}',"
                    + " CAST('{}' AS BLOB), x'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', 2, 3, 1)",
            "INSERT INTO delivery VALUES (1, 'dlv_1', 'evt_1', 'tell', 'pending', 1, 1, 1000, NULL, 1000, 1)",
            "INSERT INTO delivery VALUES (2, 'dlv_2', 'evt_1', 'write', 'running', 1, 0, 1000, 1000, 1000, 0)",
            "INSERT INTO attempt VALUES ('dlv_1', 1, 1000, 5, 'failed', 'message', 500, 'It said no.', 'no')",
            "INSERT INTO subscription VALUES ('tell', 'routes/tell.yaml', '[\"koji\"]', '[\"*\"]', 1000)",
            "INSERT INTO idempotency VALUES ('tell', 'order-1', 'dlv_1', 1000)",
            "INSERT INTO quarantine VALUES (1, 'qrt_1', 'koji', 'unverified', 'No.', 1000, 9000000000000, 4,"
                    + " '192.0.2.1', 'POST', '/webhooks/koji', '{}', x'7b7d', x'00')",
            "UPDATE quarantine_total SET entries = 1, bytes = 2",
            "INSERT INTO node_secret VALUES ('digest', x'0102')",
            "INSERT INTO step VALUES ('dlv_1', 'message', '{}', 1000)");

    @TempDir
    private Path directory;

    private String url() {
        return "jdbc:sqlite:" + directory.resolve("caravan.db");
    }

    @BeforeEach
    void makeOld() throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            for (String file : FIRST_VERSION) {
                try (InputStream in = UpgradeTest.class.getResourceAsStream("/db/sqlite/" + file)) {
                    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
                    for (String sql : text.split(";", -1)) {
                        if (!sql.isBlank()) {
                            statement.execute(sql);
                        }
                    }
                }
            }
            for (String row : ROWS) {
                statement.execute(row);
            }
            statement.execute("PRAGMA user_version = " + FIRST_VERSION.size());
        }
    }

    private int version() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.getInt(1);
        }
    }

    @Test
    void everythingIsThereAfterTheUpgradeAndGoesOn() throws SQLException {
        try (Inbox inbox = Inbox.open(directory, Clock.systemUTC())) {
            InboxReader reader = inbox.reader();
            EventSummary event = reader.eventSummary("evt_1").orElseThrow();
            assertThat(event.duplicates()).isEqualTo(3);
            assertThat(event.differing()).isEqualTo(1);
            assertThat(event.removedAt()).isEmpty();
            assertThat(reader.event("evt_1").orElseThrow().headers()).containsEntry("a", "b");
            assertThat(reader.deliveryCounts()).isEqualTo(Map.of(DeliveryState.PENDING, 2L));
            assertThat(reader.attemptsOf("dlv_1").get(0).message()).contains("It said no.");
            assertThat(reader.steps("dlv_1")).containsKey("message");
            assertThat(reader.quarantineCounts()).isEqualTo(Map.of("unverified", 4L));
            assertThat(inbox.digestKey()).containsExactly(1, 2);
            assertThat(inbox.subscriptions())
                    .extracting(Subscription::automation)
                    .containsExactly("tell");
            assertThat(inbox.hasKey("tell", "order-1").join()).isTrue();

            Stored again = inbox.store(List.of(new Arrival(
                            "koji",
                            "interview.completed",
                            Optional.empty(),
                            "k1",
                            Map.of(),
                            "{}".getBytes(StandardCharsets.UTF_8),
                            Clock.systemUTC().instant())))
                    .join()
                    .get(0);
            assertThat(again).isEqualTo(new Stored("evt_1", true));
            assertThat(reader.eventSummary("evt_1").orElseThrow().differing()).isEqualTo(1);
            Claimed claimed = inbox.claim("tell", 10).join().claimed().get(0);
            assertThat(claimed.deliveryId()).isEqualTo("dlv_1");
            assertThat(claimed.attempt()).isEqualTo(2);
        }
        assertThat(version()).isEqualTo(Migrations.CURRENT);
    }

    @Test
    void whatOnlyReadsSaysThatAnUpgradeIsDueAndMakesNone() throws SQLException {
        assertThatThrownBy(() -> InboxReader.open(directory))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("schema 3", "start this version once");

        assertThat(version()).isEqualTo(3);
    }

    @Test
    void aBackupIsMadeBeforeTheUpgrade() throws SQLException {
        Path file = directory.resolve("before.db");

        Backup backup = Backup.write(InboxSettings.sqlite(directory), file);

        assertThat(backup.events()).isEqualTo(1);
        assertThat(backup.deliveries()).isEqualTo(2);
        assertThat(version()).isEqualTo(3);
    }
}

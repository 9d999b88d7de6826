package dev.caravan.inbox;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An inbox with events of several ages; what is old was made so beside it. */
abstract class KeptInbox {
    static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path directory;

    Inbox inbox;

    /** The inbox of this test. */
    abstract InboxSettings settings();

    /** The JDBC URL of the inbox's database. */
    abstract String url();

    @BeforeEach
    void open() {
        inbox = Inbox.open(settings(), CLOCK, CommitObserver.NONE);
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** The first column of the first row. */
    String value(String sql) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static Arrival arrival(String source, String key, String body) {
        return new Arrival(
                source,
                "interview.completed",
                Optional.empty(),
                key,
                Map.of("x-of", "the request"),
                body.getBytes(StandardCharsets.UTF_8),
                CLOCK.instant());
    }

    Stored store(String key, String body) {
        return inbox.store(List.of(arrival("koji", key, body))).join().get(0);
    }

    void subscribe(String automation) {
        inbox.subscribe(new Subscription(automation, "routes/" + automation + ".yaml", List.of("koji"), List.of("*")))
                .join();
    }

    /** Runs the one delivery of the automation that is due, to this end; its id. */
    String settle(String automation, DeliveryState state) {
        Claimed claimed = inbox.claim(automation, 1).join().claimed().get(0);
        settle(claimed, state);
        return claimed.deliveryId();
    }

    void settle(Claimed claimed, DeliveryState state) {
        inbox.settle(new Settlement(
                        claimed.deliveryId(),
                        new Settlement.Attempt(
                                claimed.attempt(),
                                CLOCK.instant(),
                                Duration.ofMillis(5),
                                state == DeliveryState.SUCCEEDED
                                        ? Settlement.Outcome.SUCCEEDED
                                        : Settlement.Outcome.FAILED,
                                Optional.of("message"),
                                Optional.of(500),
                                Optional.of("It said no to Ann."),
                                Optional.of("no, Ann")),
                        state,
                        state == DeliveryState.RETRYING ? CLOCK.instant().plusSeconds(60) : null,
                        state == DeliveryState.SUCCEEDED ? 0 : 1))
                .join();
    }

    /** As if an event had come, and its deliveries been settled, so many days ago. */
    void age(String eventId, int days) {
        long then = CLOCK.instant().minus(Duration.ofDays(days)).toEpochMilli();
        execute("UPDATE event SET received_at = " + then + " WHERE id = '" + eventId + "'");
        execute("UPDATE delivery SET updated_at = " + then + " WHERE event_id = '" + eventId + "'");
    }

    /** As if a delivery had been settled so many days ago. */
    void ageDelivery(String id, int days) {
        Instant then = CLOCK.instant().minus(Duration.ofDays(days));
        execute("UPDATE delivery SET updated_at = " + then.toEpochMilli() + " WHERE id = '" + id + "'");
    }
}

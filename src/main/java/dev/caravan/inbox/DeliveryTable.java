package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The writes that move deliveries from state to state. */
final class DeliveryTable {
    private static final String OPEN = "state IN ('pending', 'retrying')";

    /** Running on a node that is no more. */
    private static final String LOST = "state = 'running' AND (node IS NULL OR node NOT IN (SELECT id FROM node))";

    /** What two steady clocks on one database may differ by. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private DeliveryTable() {}

    /** Claims deliveries of the automation that are due, oldest first. */
    static Claims claim(WriteSession session, String automation, int limit, String node) throws SQLException {
        Instant now = session.now();
        PreparedStatement update = session.prepare("""
                UPDATE delivery SET state = 'running', attempts = attempts + 1, started_at = ?, updated_at = ?, node = ?
                WHERE seq IN (SELECT seq FROM delivery WHERE automation = ? AND %s AND due_at <= ? ORDER BY due_at, seq LIMIT ? %s)
                RETURNING id, event_id, attempts, failures, due_at, seq""".formatted(OPEN, session.skipLocked()));
        Columns.setTime(update, 1, now);
        Columns.setTime(update, 2, now);
        update.setString(3, node);
        update.setString(4, automation);
        Columns.setTime(update, 5, now);
        update.setInt(6, limit);
        record Row(String id, String eventId, int attempts, int failures, long dueAt, long seq) {}
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = update.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getLong(5),
                        row.getLong(6)));
            }
        }
        rows.sort(
                (a, b) -> a.dueAt() != b.dueAt() ? Long.compare(a.dueAt(), b.dueAt()) : Long.compare(a.seq(), b.seq()));
        List<Claimed> claimed = new ArrayList<>(rows.size());
        for (Row row : rows) {
            claimed.add(
                    new Claimed(row.id(), automation, row.attempts(), row.failures(), event(session, row.eventId())));
        }
        return new Claims(claimed, nextDue(session, automation));
    }

    private static Event event(WriteSession session, String id) throws SQLException {
        PreparedStatement select = session.prepare("SELECT * FROM event WHERE id = ?");
        select.setString(1, id);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("The event " + id + " of a delivery is not there");
            }
            return EventRow.read(row);
        }
    }

    private static Optional<Instant> nextDue(WriteSession session, String automation) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT min(due_at) AS due FROM delivery WHERE automation = ? AND " + OPEN);
        select.setString(1, automation);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Columns.time(row, "due") : Optional.empty();
        }
    }

    /** Records an attempt and moves its delivery on; false where the delivery no longer runs that attempt. */
    static boolean settle(WriteSession session, Settlement settlement) throws SQLException {
        Settlement.Attempt attempt = settlement.attempt();
        PreparedStatement update = session.prepare("""
                UPDATE delivery SET state = ?, due_at = coalesce(?, due_at), failures = ?, started_at = NULL, updated_at = ?
                WHERE id = ? AND state = 'running' AND attempts = ?""");
        update.setString(1, settlement.state().label());
        Columns.setTime(update, 2, settlement.dueAt());
        update.setInt(3, settlement.failures());
        Columns.setTime(update, 4, session.now());
        update.setString(5, settlement.deliveryId());
        update.setInt(6, attempt.number());
        if (update.executeUpdate() == 0) {
            return false;
        }
        insertAttempt(session, settlement.deliveryId(), attempt);
        return true;
    }

    private static void insertAttempt(WriteSession session, String deliveryId, Settlement.Attempt attempt)
            throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, step, http_status, message, response_excerpt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        insert.setString(1, deliveryId);
        insert.setInt(2, attempt.number());
        Columns.setTime(insert, 3, attempt.startedAt());
        insert.setLong(4, attempt.duration().toMillis());
        insert.setString(5, attempt.outcome().label());
        insert.setString(6, attempt.step().orElse(null));
        insert.setObject(7, attempt.httpStatus().orElse(null));
        insert.setString(8, Columns.text(attempt.message().orElse(null)));
        insert.setString(9, Columns.text(attempt.responseExcerpt().orElse(null)));
        insert.executeUpdate();
    }

    /** Gives a claim back as if it had not been made; the delivery is due again at the given time. */
    static boolean release(WriteSession session, Claimed claimed, Instant dueAt) throws SQLException {
        PreparedStatement update = session.prepare("""
                UPDATE delivery SET state = CASE failures WHEN 0 THEN 'pending' ELSE 'retrying' END,
                  attempts = attempts - 1, due_at = ?, started_at = NULL, updated_at = ?
                WHERE id = ? AND state = 'running' AND attempts = ?""");
        Columns.setTime(update, 1, dueAt);
        Columns.setTime(update, 2, session.now());
        update.setString(3, claimed.deliveryId());
        update.setInt(4, claimed.attempt());
        return update.executeUpdate() == 1;
    }

    /**
     * Makes every delivery that a node which is gone was running pending again, and records its attempt as interrupted.
     * What waits for a time that a clock which has been set back gave it is due at once.
     */
    static int takeBack(WriteSession session) throws SQLException {
        PreparedStatement attempts = session.prepare("""
                INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, message)
                SELECT id, attempts, coalesce(started_at, updated_at), 0, 'interrupted', 'The node stopped before this attempt ended.'
                FROM delivery WHERE %s ON CONFLICT DO NOTHING""".formatted(LOST));
        attempts.executeUpdate();
        PreparedStatement update = session.prepare(
                "UPDATE delivery SET state = 'pending', started_at = NULL, due_at = ?, updated_at = ? WHERE " + LOST);
        Columns.setTime(update, 1, session.now());
        Columns.setTime(update, 2, session.now());
        int taken = update.executeUpdate();
        PreparedStatement ahead =
                session.prepare("UPDATE delivery SET due_at = ? WHERE " + OPEN + " AND due_at > ? AND updated_at > ?");
        Columns.setTime(ahead, 1, session.now());
        Columns.setTime(ahead, 2, session.now());
        Columns.setTime(ahead, 3, session.now().plus(CLOCKS_DIFFER));
        ahead.executeUpdate();
        return taken;
    }

    /** Makes a delivery that is not running due now, with its whole retry schedule before it; its state before, or null. */
    static @Nullable String replay(WriteSession session, String deliveryId) throws SQLException {
        PreparedStatement select = session.prepare("SELECT state FROM delivery WHERE id = ?");
        select.setString(1, deliveryId);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            String state = row.getString(1);
            if (!state.equals(DeliveryState.RUNNING.label())) {
                PreparedStatement update = session.prepare("""
                        UPDATE delivery SET state = 'pending', failures = 0, due_at = ?, updated_at = ?, manual = 1
                        WHERE id = ?""");
                Columns.setTime(update, 1, session.now());
                Columns.setTime(update, 2, session.now());
                update.setString(3, deliveryId);
                update.executeUpdate();
            }
            return state;
        }
    }

    static Optional<String> automationOf(WriteSession session, String deliveryId) throws SQLException {
        PreparedStatement select = session.prepare("SELECT automation FROM delivery WHERE id = ?");
        select.setString(1, deliveryId);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }
}

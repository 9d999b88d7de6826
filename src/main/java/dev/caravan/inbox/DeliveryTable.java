package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The writes that move deliveries from state to state. */
final class DeliveryTable {
    private static final String OPEN = "state IN ('pending', 'retrying')";

    /** Running on a node that is no more. */
    private static final String LOST = "state = 'running' AND (node IS NULL OR node NOT IN (SELECT id FROM node))";

    /** What two steady clocks on one database may differ by. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private DeliveryTable() {}

    /** How deliveries are chosen: those that are due, oldest first. */
    private static final String DUE = """
            SELECT seq FROM delivery WHERE automation = ? AND %s AND due_at <= ? ORDER BY due_at, seq LIMIT ?""".formatted(OPEN);

    /**
     * The same where they have an order: of each value the first that is open, unless another of that value runs; none
     * that arrived after one whose value is not known yet.
     */
    private static final String DUE_IN_ORDER = """
            SELECT d.seq FROM delivery d JOIN (
              SELECT min(seq) AS seq FROM delivery
              WHERE automation = ? AND order_key IS NOT NULL AND state IN ('pending', 'retrying', 'running')
              GROUP BY order_key) first ON first.seq = d.seq
            WHERE d.state IN ('pending', 'retrying') AND d.due_at <= ?
              AND NOT EXISTS (SELECT 1 FROM delivery r
                WHERE r.automation = d.automation AND r.order_key = d.order_key AND r.state = 'running')
              AND NOT EXISTS (SELECT 1 FROM delivery u
                WHERE u.automation = d.automation AND u.order_key IS NULL AND u.state IN ('pending', 'retrying') AND u.seq < d.seq)
            ORDER BY d.seq LIMIT ?""";

    /** Claims deliveries of the automation that are due, oldest first. */
    static List<Claimed> claim(WriteSession session, String automation, int limit, String node, boolean inOrder)
            throws SQLException {
        Instant now = session.now();
        if (inOrder && !session.lockOrder(automation)) {
            return List.of();
        }
        PreparedStatement update =
                session.prepare("""
                UPDATE delivery SET state = 'running', attempts = attempts + 1, started_at = ?, updated_at = ?, node = ?
                WHERE seq IN (%s %s)
                RETURNING id, event_id, attempts, failures, generation, due_at, seq""".formatted(inOrder ? DUE_IN_ORDER : DUE, inOrder ? "" : session.skipLocked()));
        Columns.setTime(update, 1, now);
        Columns.setTime(update, 2, now);
        update.setString(3, node);
        update.setString(4, automation);
        Columns.setTime(update, 5, now);
        update.setInt(6, limit);
        record Row(String id, String eventId, int attempts, int failures, int generation, long dueAt, long seq) {}
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = update.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getInt(5),
                        inOrder ? 0 : row.getLong(6),
                        row.getLong(7)));
            }
        }
        rows.sort(Comparator.comparingLong(Row::dueAt).thenComparingLong(Row::seq));
        List<Claimed> claimed = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Event event = event(session, row.eventId());
            if (event.hasPayload()) {
                claimed.add(new Claimed(
                        row.id(), automation, row.attempts(), row.failures(), row.generation(), event, node, false));
            } else {
                RemovedPayload.discard(session, row.id());
            }
        }
        return claimed;
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

    /** When the next delivery of the automation may be due; those that wait for one before them do not count. */
    static Optional<Instant> nextDue(WriteSession session, String automation, boolean inOrder) throws SQLException {
        PreparedStatement select = session.prepare(
                inOrder ? """
                        SELECT min(d.due_at) AS due FROM delivery d JOIN (
                          SELECT min(seq) AS seq FROM delivery
                          WHERE automation = ? AND state IN ('pending', 'retrying', 'running')
                          GROUP BY order_key) first ON first.seq = d.seq
                        WHERE d.state IN ('pending', 'retrying')""" : "SELECT min(due_at) AS due FROM delivery WHERE automation = ? AND " + OPEN);
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
                WHERE id = ? AND state = 'running' AND attempts = ?
                RETURNING automation, order_key""");
        update.setString(1, settlement.state().label());
        Columns.setTime(update, 2, settlement.dueAt());
        update.setInt(3, settlement.failures());
        Columns.setTime(update, 4, session.now());
        update.setString(5, settlement.deliveryId());
        update.setInt(6, attempt.number());
        try (ResultSet row = update.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            if (row.getString(2) != null) {
                session.announce(row.getString(1));
            }
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
                WHERE id = ? AND state = 'running' AND attempts = ? AND node = ?""");
        Columns.setTime(update, 1, dueAt);
        Columns.setTime(update, 2, session.now());
        update.setString(3, claimed.deliveryId());
        update.setInt(4, claimed.attempt());
        update.setString(5, claimed.node());
        return update.executeUpdate() == 1;
    }

    /**
     * Makes every delivery that a node which is gone was running pending again, and records its attempt as interrupted.
     */
    static int takeBack(WriteSession session) throws SQLException {
        PreparedStatement whose = session.prepare("SELECT DISTINCT automation FROM delivery WHERE " + LOST);
        List<String> automations = new ArrayList<>();
        try (ResultSet row = whose.executeQuery()) {
            while (row.next()) {
                automations.add(row.getString(1));
            }
        }
        if (automations.isEmpty()) {
            return 0;
        }
        for (String automation : automations) {
            session.announce(automation);
        }
        PreparedStatement attempts = session.prepare("""
                INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, message)
                SELECT id, attempts, coalesce(started_at, updated_at), 0, 'interrupted', 'The node stopped before this attempt ended.'
                FROM delivery WHERE %s ON CONFLICT DO NOTHING""".formatted(LOST));
        attempts.executeUpdate();
        PreparedStatement update = session.prepare(
                "UPDATE delivery SET state = 'pending', started_at = NULL, order_key = NULL, due_at = ?, updated_at = ? WHERE "
                        + LOST);
        Columns.setTime(update, 1, session.now());
        Columns.setTime(update, 2, session.now());
        return update.executeUpdate();
    }

    /** What waits for a time that a clock gave it which has since been set back is due at once. */
    static void dueAfterClockWasSetBack(WriteSession session) throws SQLException {
        PreparedStatement ahead =
                session.prepare("UPDATE delivery SET due_at = ? WHERE " + OPEN + " AND due_at > ? AND updated_at > ?");
        Columns.setTime(ahead, 1, session.now());
        Columns.setTime(ahead, 2, session.now());
        Columns.setTime(ahead, 3, session.now().plus(CLOCKS_DIFFER));
        ahead.executeUpdate();
    }
}

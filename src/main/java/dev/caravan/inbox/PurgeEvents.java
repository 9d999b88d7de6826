package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Purges events that are still to go: of each, the key and the digest of the bytes stay. The keys that a delivery of
 * {@code idempotentConsumer} holds stay where it succeeded, and go where it did not, since they were not used up.
 */
final class PurgeEvents implements InboxWriter.Write<Purged> {
    private static final String LISTED = "(" + "?, ".repeat(Purge.BATCH - 1) + "?)";
    private static final String DELIVERIES = "(SELECT id FROM delivery WHERE event_id = ?)";
    private static final List<String> OF_AN_EVENT = List.of(
            "DELETE FROM attempt WHERE delivery_id IN " + DELIVERIES,
            "DELETE FROM step WHERE delivery_id IN " + DELIVERIES,
            "DELETE FROM idempotency WHERE delivery_id IN"
                    + " (SELECT id FROM delivery WHERE event_id = ? AND state <> 'succeeded')",
            "DELETE FROM delivery WHERE event_id = ?");

    private final List<Purge.Old> events;
    private final RetentionSettings settings;

    /** At most {@link Purge#BATCH} events. */
    PurgeEvents(List<Purge.Old> events, RetentionSettings settings) {
        this.events = events;
        this.settings = settings;
    }

    @Override
    public Purged apply(WriteSession session) throws SQLException {
        Map<String, List<Purge.Standing>> found = found(session);
        List<String> due = new ArrayList<>();
        long deliveries = 0;
        for (Purge.Old event : events) {
            List<Purge.Standing> standing = found.get(event.id());
            if (standing != null && Purge.Standing.allPast(standing, event.receivedAt(), settings, session.now())) {
                due.add(event.id());
                deliveries += standing.size();
            }
        }
        for (String sql : OF_AN_EVENT) {
            forEach(session.prepare(sql), due);
        }
        empty(session, due);
        return new Purged(due.size(), deliveries, 0);
    }

    /** The events that nobody has purged meanwhile, with their deliveries; nobody else can change them until this is committed. */
    private Map<String, List<Purge.Standing>> found(WriteSession session) throws SQLException {
        Map<String, List<Purge.Standing>> found = new HashMap<>();
        PreparedStatement kept = session.prepare(
                "SELECT id FROM event WHERE purged = 0 AND id IN " + LISTED + " ORDER BY seq " + session.forUpdate());
        try (ResultSet row = listed(kept).executeQuery()) {
            while (row.next()) {
                found.put(row.getString(1), new ArrayList<>());
            }
        }
        PreparedStatement deliveries =
                session.prepare("SELECT event_id, state, updated_at FROM delivery WHERE event_id IN " + LISTED
                        + " ORDER BY seq " + session.forUpdate());
        try (ResultSet row = listed(deliveries).executeQuery()) {
            while (row.next()) {
                List<Purge.Standing> of = found.get(row.getString(1));
                if (of != null) {
                    of.add(Purge.Standing.of(row.getString(2), row.getLong(3)));
                }
            }
        }
        return found;
    }

    private PreparedStatement listed(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < Purge.BATCH; i++) {
            statement.setString(
                    i + 1, events.get(Math.min(i, events.size() - 1)).id());
        }
        return statement;
    }

    private static void forEach(PreparedStatement statement, List<String> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        for (String id : ids) {
            statement.setString(1, id);
            statement.addBatch();
        }
        statement.executeBatch();
    }

    private static void empty(WriteSession session, List<String> ids) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE event SET body = NULL, headers = '{}', purged = 1,"
                + " removed_at = coalesce(removed_at, ?) WHERE id = ?");
        Instant now = session.now();
        for (String id : ids) {
            Columns.setTime(update, 1, now);
            update.setString(2, id);
            update.addBatch();
        }
        if (!ids.isEmpty()) {
            update.executeBatch();
        }
    }
}

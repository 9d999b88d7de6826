package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/** Removes idempotency keys that nothing but their age speaks for. */
final class KeyPurge {
    private KeyPurge() {}

    /** Removes up to {@code limit} of each kind that are older than a time; how many they were. */
    static long remove(WriteSession session, Instant before, int limit) throws SQLException {
        PreparedStatement events = session.prepare("""
                DELETE FROM event WHERE id IN (SELECT e.id FROM event e WHERE e.purged = 1 AND e.received_at < ?
                  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id) ORDER BY e.received_at LIMIT ?)""");
        PreparedStatement automations = session.prepare("""
                DELETE FROM idempotency WHERE (automation, key) IN (SELECT i.automation, i.key FROM idempotency i
                  WHERE i.added_at < ? AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.id = i.delivery_id)
                  ORDER BY i.added_at LIMIT ?)""");
        return remove(events, before, limit) + remove(automations, before, limit);
    }

    private static long remove(PreparedStatement delete, Instant before, int limit) throws SQLException {
        Columns.setTime(delete, 1, before);
        delete.setInt(2, limit);
        return delete.executeUpdate();
    }
}

package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What becomes of deliveries whose event has lost its payload: they cannot run. */
final class RemovedPayload {
    private RemovedPayload() {}

    /** Gives up a delivery that was just claimed, and says why in place of its attempt. */
    static void discard(WriteSession session, String deliveryId) throws SQLException {
        PreparedStatement attempt = session.prepare("""
                INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, message)
                SELECT id, attempts, updated_at, 0, 'interrupted',
                  'The payload of its event has been removed, so that it cannot run.'
                FROM delivery WHERE id = ? ON CONFLICT DO NOTHING""");
        attempt.setString(1, deliveryId);
        attempt.executeUpdate();
        PreparedStatement update = session.prepare(
                "UPDATE delivery SET state = 'discarded', started_at = NULL, updated_at = ? WHERE id = ?");
        Columns.setTime(update, 1, session.now());
        update.setString(2, deliveryId);
        update.executeUpdate();
    }
}

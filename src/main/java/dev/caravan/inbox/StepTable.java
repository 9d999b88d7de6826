package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The finished steps of deliveries that have not succeeded yet. */
final class StepTable {
    private StepTable() {}

    /** Records a step; false where the delivery no longer runs the claim's attempt. */
    static boolean record(WriteSession session, Claimed claimed, String key, String state) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO step (delivery_id, key, state, finished_at)
                SELECT id, ?, ?, ? FROM delivery WHERE id = ? AND state = 'running' AND attempts = ?
                ON CONFLICT (delivery_id, key) DO UPDATE SET state = excluded.state, finished_at = excluded.finished_at""");
        insert.setString(1, key);
        insert.setString(2, state);
        Columns.setTime(insert, 3, session.now());
        insert.setString(4, claimed.deliveryId());
        insert.setInt(5, claimed.attempt());
        return insert.executeUpdate() == 1;
    }

    static void drop(WriteSession session, String deliveryId) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM step WHERE delivery_id = ?");
        delete.setString(1, deliveryId);
        delete.executeUpdate();
    }
}

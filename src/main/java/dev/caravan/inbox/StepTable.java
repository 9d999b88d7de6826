package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** What is known of the steps of deliveries that have not succeeded yet. */
final class StepTable {
    private StepTable() {}

    /** Records a step; false where the delivery no longer runs the claim's attempt. */
    static boolean record(WriteSession session, Claimed claimed, StepRecord step) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO step (delivery_id, key, kind, state, attempt, finished_at)
                SELECT id, ?, ?, ?, ?, ? FROM delivery WHERE id = ? AND state = 'running' AND attempts = ? AND node = ?
                ON CONFLICT (delivery_id, key) DO UPDATE SET kind = excluded.kind, state = excluded.state,
                  attempt = excluded.attempt, finished_at = excluded.finished_at""");
        insert.setString(1, step.key());
        insert.setString(2, step.kind().label());
        insert.setString(3, step.state());
        insert.setInt(4, step.attempt());
        Columns.setTime(insert, 5, session.now());
        insert.setString(6, claimed.deliveryId());
        insert.setInt(7, claimed.attempt());
        insert.setString(8, claimed.node());
        return insert.executeUpdate() == 1;
    }

    /** Notes what an attempt that failed leaves unknown; what is known of a step stands. */
    static void mark(WriteSession session, Settlement settlement) throws SQLException {
        StepDoubts doubts = settlement.doubts();
        if (doubts.replace()) {
            PreparedStatement settled =
                    session.prepare("DELETE FROM step WHERE delivery_id = ? AND kind IN ('begun', 'unsure')");
            settled.setString(1, settlement.deliveryId());
            settled.executeUpdate();
        }
        for (Map.Entry<String, Integer> unsure : doubts.unsure().entrySet()) {
            PreparedStatement insert = session.prepare("""
                    INSERT INTO step (delivery_id, key, kind, state, attempt, finished_at) VALUES (?, ?, 'unsure', '', ?, ?)
                    ON CONFLICT (delivery_id, key) DO NOTHING""");
            insert.setString(1, settlement.deliveryId());
            insert.setString(2, unsure.getKey());
            insert.setInt(3, unsure.getValue());
            Columns.setTime(insert, 4, session.now());
            insert.executeUpdate();
        }
    }

    static void drop(WriteSession session, String deliveryId) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM step WHERE delivery_id = ?");
        delete.setString(1, deliveryId);
        delete.executeUpdate();
    }
}

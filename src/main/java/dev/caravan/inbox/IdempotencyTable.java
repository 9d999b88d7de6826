package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * The keys of {@code idempotentConsumer}. A key belongs to the delivery that added it for as long as that delivery is
 * open or has succeeded; a delivery that has died leaves its keys to the next that asks. A key that held what was
 * forgotten is there as its digest.
 */
final class IdempotencyTable {
    private IdempotencyTable() {}

    static KeyAnswer add(WriteSession session, String automation, String key, String deliveryId) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO idempotency (automation, key, delivery_id, added_at) SELECT ?, ?, ?, ?
                WHERE NOT EXISTS (SELECT 1 FROM idempotency WHERE automation = ? AND key = ?)
                ON CONFLICT (automation, key) DO NOTHING""");
        insert.setString(1, automation);
        insert.setString(2, key);
        insert.setString(3, deliveryId);
        Columns.setTime(insert, 4, session.now());
        insert.setString(5, automation);
        insert.setString(6, Columns.digested(key));
        if (insert.executeUpdate() == 1) {
            return KeyAnswer.added();
        }
        PreparedStatement select = session.prepare("""
                SELECT i.delivery_id, d.state, d.due_at FROM idempotency i LEFT JOIN delivery d ON d.id = i.delivery_id
                WHERE i.automation = ? AND i.key IN (?, ?)""");
        select.setString(1, automation);
        select.setString(2, key);
        select.setString(3, Columns.digested(key));
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("An idempotency key that exists is not there");
            }
            return answer(session, automation, key, deliveryId, row);
        }
    }

    private static KeyAnswer answer(
            WriteSession session, String automation, String key, String deliveryId, ResultSet row) throws SQLException {
        String owner = row.getString(1);
        if (owner.equals(deliveryId)) {
            return KeyAnswer.added();
        }
        String label = row.getString(2);
        DeliveryState state = label == null
                ? DeliveryState.SUCCEEDED
                : DeliveryState.ofLabel(label).orElseThrow();
        return switch (state) {
            case SUCCEEDED -> KeyAnswer.duplicate();
            case PENDING, RUNNING, RETRYING -> KeyAnswer.held(owner, Instant.ofEpochMilli(row.getLong(3)));
            case DEAD, DISCARDED -> {
                PreparedStatement take = session.prepare(
                        "UPDATE idempotency SET delivery_id = ? WHERE automation = ? AND key IN (?, ?)");
                take.setString(1, deliveryId);
                take.setString(2, automation);
                take.setString(3, key);
                take.setString(4, Columns.digested(key));
                take.executeUpdate();
                yield KeyAnswer.added();
            }
        };
    }

    static boolean contains(WriteSession session, String automation, String key) throws SQLException {
        PreparedStatement select = session.prepare("SELECT 1 FROM idempotency WHERE automation = ? AND key IN (?, ?)");
        select.setString(1, automation);
        select.setString(2, key);
        select.setString(3, Columns.digested(key));
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }
}

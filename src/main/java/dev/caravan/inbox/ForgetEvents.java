package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Takes the payloads of events away with what deliveries have kept of them; leaves events of which a delivery runs. */
final class ForgetEvents implements InboxWriter.Write<ForgetCount> {
    private static final String DELIVERIES = "(SELECT id FROM delivery WHERE event_id = ?)";
    private static final List<String> OF_AN_EVENT = List.of(
            "UPDATE attempt SET message = NULL, response_excerpt = NULL WHERE delivery_id IN " + DELIVERIES,
            "DELETE FROM step WHERE delivery_id IN " + DELIVERIES,
            "UPDATE delivery SET order_key = NULL WHERE event_id = ?");

    private final List<String> ids;
    private final PersonalValue person;

    ForgetEvents(List<String> ids, PersonalValue person) {
        this.ids = ids;
        this.person = person;
    }

    @Override
    public ForgetCount apply(WriteSession session) throws SQLException {
        ForgetCount all = ForgetCount.NOTHING;
        for (String id : ids) {
            all = all.plus(forget(session, id));
        }
        return all;
    }

    private ForgetCount forget(WriteSession session, String id) throws SQLException {
        Optional<String> key = keyOf(session, id);
        if (key.isEmpty()) {
            return ForgetCount.NOTHING;
        }
        ForgetCount deliveries = deliveries(session, id);
        if (deliveries.running() > 0) {
            return new ForgetCount(0, 0, 0, 0, 1);
        }
        PreparedStatement discard = session.prepare("""
                UPDATE delivery SET state = 'discarded', updated_at = ?
                WHERE event_id = ? AND state IN ('pending', 'retrying')""");
        Columns.setTime(discard, 1, session.now());
        discard.setString(2, id);
        discard.executeUpdate();
        for (String sql : OF_AN_EVENT) {
            PreparedStatement statement = session.prepare(sql);
            statement.setString(1, id);
            statement.executeUpdate();
        }
        PreparedStatement update = session.prepare(
                "UPDATE event SET body = NULL, headers = '{}', removed_at = ?, idempotency_key = ? WHERE id = ?");
        Columns.setTime(update, 1, session.now());
        update.setString(
                2, key.map(k -> person.standsIn(k) ? Columns.digested(k) : k).orElseThrow());
        update.setString(3, id);
        update.executeUpdate();
        return deliveries;
    }

    private static Optional<String> keyOf(WriteSession session, String id) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT idempotency_key FROM event WHERE id = ? " + session.forUpdate());
        select.setString(1, id);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    private static ForgetCount deliveries(WriteSession session, String id) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT state FROM delivery WHERE event_id = ? ORDER BY seq " + session.forUpdate());
        select.setString(1, id);
        long deliveries = 0;
        long open = 0;
        long running = 0;
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                deliveries++;
                switch (DeliveryState.ofLabel(row.getString(1)).orElseThrow()) {
                    case PENDING, RETRYING -> open++;
                    case RUNNING -> running++;
                    case SUCCEEDED, DEAD, DISCARDED -> {}
                }
            }
        }
        return new ForgetCount(1, deliveries, open, 0, running);
    }
}

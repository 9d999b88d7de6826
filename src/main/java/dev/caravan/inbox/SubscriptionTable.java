package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The subscriptions as they outlive a restart. */
final class SubscriptionTable {
    private SubscriptionTable() {}

    static boolean put(WriteSession session, Subscription subscription, Instant now) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO subscription (automation, file, sources, events, since) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (automation) DO UPDATE SET file = excluded.file, sources = excluded.sources, events = excluded.events""");
        insert.setString(1, subscription.automation());
        insert.setString(2, subscription.file());
        insert.setString(3, Columns.json(subscription.sources()));
        insert.setString(4, Columns.json(subscription.events()));
        Columns.setTime(insert, 5, now);
        return insert.executeUpdate() == 1;
    }

    static boolean remove(WriteSession session, String automation) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM subscription WHERE automation = ?");
        delete.setString(1, automation);
        return delete.executeUpdate() == 1;
    }

    static List<Subscription> all(WriteSession session) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT automation, file, sources, events FROM subscription ORDER BY automation");
        List<Subscription> all = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.add(new Subscription(
                        row.getString(1),
                        row.getString(2),
                        Columns.list(row.getString(3)),
                        Columns.list(row.getString(4))));
            }
        }
        return all;
    }
}

package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The subscriptions as they outlive a restart: those of an automation on one node are one row. */
final class SubscriptionTable {
    private SubscriptionTable() {}

    /** A write that changes who gets events. */
    record Change(InboxWriter.Write<Boolean> what) implements InboxWriter.Write<Boolean> {
        @Override
        public Boolean apply(WriteSession session) throws SQLException {
            Boolean done = what.apply(session);
            session.prepare("UPDATE inbox_state SET subscriptions = subscriptions + 1")
                    .executeUpdate();
            return done;
        }

        @Override
        public boolean changesSubscriptions() {
            return true;
        }
    }

    static boolean put(WriteSession session, Subscription subscription, String node) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO subscription (automation, node, file, sources, events, since) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (automation, node)
                DO UPDATE SET file = excluded.file, sources = excluded.sources, events = excluded.events""");
        insert.setString(1, subscription.automation());
        insert.setString(2, node);
        insert.setString(3, subscription.file());
        insert.setString(4, Columns.json(subscription.sources()));
        insert.setString(5, Columns.json(subscription.events()));
        Columns.setTime(insert, 6, session.now());
        return insert.executeUpdate() == 1;
    }

    static boolean remove(WriteSession session, String automation) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM subscription WHERE automation = ?");
        delete.setString(1, automation);
        return delete.executeUpdate() > 0;
    }

    static List<Subscription> all(WriteSession session) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT automation, file, sources, events FROM subscription ORDER BY automation, node");
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

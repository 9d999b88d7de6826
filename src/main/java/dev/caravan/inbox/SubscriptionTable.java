package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The subscriptions as they outlive a restart: a row for each automation and run of a node that has it.
 *
 * <p>The rows of a run that has ended hold until a run that goes on has the same automation, or until the deployment
 * that it was one of has no route for it any more.
 */
final class SubscriptionTable {
    private static final String OWN =
            "home IN (?, '') AND node NOT IN (SELECT id FROM node WHERE id <> ?) AND since <= ?";

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

    /** A row. */
    record Row(String node, Subscription subscription) {}

    static boolean put(WriteSession session, Subscription subscription, String node, String home) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO subscription (automation, node, home, file, sources, events, since) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (automation, node)
                DO UPDATE SET file = excluded.file, sources = excluded.sources, events = excluded.events""");
        insert.setString(1, subscription.automation());
        insert.setString(2, node);
        insert.setString(3, home);
        insert.setString(4, subscription.file());
        insert.setString(5, Columns.json(subscription.sources()));
        insert.setString(6, Columns.json(subscription.events()));
        Columns.setTime(insert, 7, session.now());
        insert.executeUpdate();
        dropReplaced(session);
        return true;
    }

    /** Drops the rows of ended runs for automations that a run which goes on has. */
    static void dropReplaced(WriteSession session) throws SQLException {
        session.prepare("""
                        DELETE FROM subscription WHERE node NOT IN (SELECT id FROM node)
                        AND automation IN (SELECT s.automation FROM subscription s JOIN node n ON n.id = s.node)""").executeUpdate();
    }

    /**
     * What a deployment is subscribed to and has no route for on any of its runs. The rows of other runs that go on are
     * theirs to end, and of what was subscribed after this run started a later version knows more.
     */
    static Set<String> deleted(WriteSession session, String node, String home, Instant startedAt) throws SQLException {
        Optional<Set<String>> defined = NodeTable.defined(session, home);
        Set<String> deleted = new TreeSet<>();
        if (defined.isPresent()) {
            PreparedStatement select = session.prepare("SELECT automation FROM subscription WHERE " + OWN);
            select.setString(1, home);
            select.setString(2, node);
            Columns.setTime(select, 3, startedAt);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    deleted.add(row.getString(1));
                }
            }
            deleted.removeAll(defined.get());
        }
        return deleted;
    }

    /** Ends what {@link #deleted} tells; whether that is anything. */
    static boolean dropDeleted(WriteSession session, String node, String home, Instant startedAt) throws SQLException {
        boolean dropped = false;
        for (String automation : deleted(session, node, home, startedAt)) {
            PreparedStatement delete = session.prepare("DELETE FROM subscription WHERE " + OWN + " AND automation = ?");
            delete.setString(1, home);
            delete.setString(2, node);
            Columns.setTime(delete, 3, startedAt);
            delete.setString(4, automation);
            dropped |= delete.executeUpdate() > 0;
        }
        return dropped;
    }

    /** Ends an automation's subscription on one run; where no other has it, that of ended runs too. */
    static boolean remove(WriteSession session, String automation, String node) throws SQLException {
        PreparedStatement delete = session.prepare("""
                DELETE FROM subscription WHERE automation = ? AND (node = ? OR (node NOT IN (SELECT id FROM node)
                AND NOT EXISTS (SELECT 1 FROM subscription o JOIN node n ON n.id = o.node
                                WHERE o.automation = subscription.automation AND o.node <> ?)))""");
        delete.setString(1, automation);
        delete.setString(2, node);
        delete.setString(3, node);
        return delete.executeUpdate() > 0;
    }

    /** Takes over the rows of a run that goes on under another id. */
    static void rename(WriteSession session, String from, String to) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE subscription SET node = ? WHERE node = ?");
        update.setString(1, to);
        update.setString(2, from);
        update.executeUpdate();
    }

    static List<Row> all(WriteSession session) throws SQLException {
        PreparedStatement select = session.prepare(
                "SELECT node, automation, file, sources, events FROM subscription ORDER BY automation, node");
        List<Row> all = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.add(new Row(
                        row.getString(1),
                        new Subscription(
                                row.getString(2),
                                row.getString(3),
                                Columns.list(row.getString(4)),
                                Columns.list(row.getString(5)))));
            }
        }
        return all;
    }
}

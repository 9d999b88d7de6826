package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The runs of nodes that may have deliveries: what a run has claimed that is not listed here is anyone's. */
final class NodeTable {
    private NodeTable() {}

    /** A run as its row shows it, and whether its lease has ended by the database's clock. */
    record Row(String id, long beat, boolean expired) {}

    static void add(WriteSession session, String id, String home, Duration lease) throws SQLException {
        PreparedStatement insert =
                session.prepare("INSERT INTO node (id, home, started_at, alive_until, beat) VALUES (?, ?, ?, ?, 0)");
        insert.setString(1, id);
        insert.setString(2, home);
        Columns.setTime(insert, 3, session.databaseTime());
        Columns.setTime(insert, 4, session.databaseTime().plus(lease));
        insert.executeUpdate();
    }

    /** Renews a lease; false where the run was taken for dead. */
    static boolean renew(WriteSession session, String id, Duration lease) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE node SET alive_until = ?, beat = beat + 1 WHERE id = ?");
        Columns.setTime(update, 1, session.databaseTime().plus(lease));
        update.setString(2, id);
        return update.executeUpdate() == 1;
    }

    static List<Row> all(WriteSession session) throws SQLException {
        Instant now = session.databaseTime();
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = session.prepare("SELECT id, beat, alive_until FROM node ORDER BY id")
                .executeQuery()) {
            while (row.next()) {
                rows.add(new Row(row.getString(1), row.getLong(2), row.getLong(3) < now.toEpochMilli()));
            }
        }
        return rows;
    }

    /** Ends a run whose lease has not been renewed since; false where it has, or another node was first. */
    static boolean end(WriteSession session, Row seen) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM node WHERE id = ? AND beat = ?");
        delete.setString(1, seen.id());
        delete.setLong(2, seen.beat());
        return delete.executeUpdate() == 1;
    }

    static boolean remove(WriteSession session, String id) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM node WHERE id = ?");
        delete.setString(1, id);
        return delete.executeUpdate() == 1;
    }

    static void removeAll(WriteSession session) throws SQLException {
        session.prepare("DELETE FROM node").executeUpdate();
    }

    /** Says which automations a run has routes for. */
    static void define(WriteSession session, String id, Set<String> automations) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE node SET automations = ? WHERE id = ?");
        update.setString(1, Columns.json(automations.stream().sorted().toList()));
        update.setString(2, id);
        update.executeUpdate();
    }

    /** What the runs of one deployment have routes for, all together; empty where none of them knows yet. */
    static Optional<Set<String>> defined(WriteSession session, String home) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT automations FROM node WHERE home = ? AND automations IS NOT NULL");
        select.setString(1, home);
        Set<String> defined = new HashSet<>();
        boolean any = false;
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                any = true;
                defined.addAll(Columns.list(row.getString(1)));
            }
        }
        return any ? Optional.of(defined) : Optional.empty();
    }
}

package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** The runs of nodes that may have deliveries: what a run has claimed that is not listed here is anyone's. */
final class NodeTable {
    private NodeTable() {}

    static void add(WriteSession session, String id, String name, Duration lease) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO node (id, name, started_at, alive_until, beat, delivers) VALUES (?, ?, ?, ?, 0, 0)""");
        insert.setString(1, id);
        insert.setString(2, name);
        Columns.setTime(insert, 3, session.databaseTime());
        Columns.setTime(insert, 4, session.databaseTime().plus(lease));
        insert.executeUpdate();
    }

    static boolean remove(WriteSession session, String id) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM node WHERE id = ?");
        delete.setString(1, id);
        return delete.executeUpdate() == 1;
    }

    static void removeAll(WriteSession session) throws SQLException {
        session.prepare("DELETE FROM node").executeUpdate();
    }
}

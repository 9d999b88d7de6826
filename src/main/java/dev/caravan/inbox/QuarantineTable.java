package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Keeps refused requests within bounds: identical ones are one row with a count, and the oldest make room.
 * The total is kept beside them, so that what a refusal costs does not grow with how many there are. */
final class QuarantineTable {
    private QuarantineTable() {}

    /** The bounds: rows, bytes of bodies in all. */
    record Bounds(int entries, long bytes) {}

    static boolean add(WriteSession session, String id, Refusal refusal, byte[] digest, Bounds bounds)
            throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO quarantine (id, source, kind, reason, received_at, last_at, address, method, uri, headers, body, body_sha256)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (source, kind, body_sha256)
                DO UPDATE SET count = quarantine.count + 1, last_at = excluded.last_at, reason = excluded.reason, headers = excluded.headers,
                  received_at = excluded.received_at, uri = excluded.uri
                RETURNING quarantine.count""");
        insert.setString(1, id);
        insert.setString(2, refusal.source());
        insert.setString(3, refusal.kind().label());
        insert.setString(4, Columns.text(refusal.reason()));
        Columns.setTime(insert, 5, refusal.receivedAt());
        Columns.setTime(insert, 6, refusal.receivedAt());
        insert.setString(7, refusal.address());
        insert.setString(8, refusal.method());
        insert.setString(9, refusal.uri());
        insert.setString(10, Columns.json(refusal.headers()));
        insert.setBytes(11, refusal.body());
        insert.setBytes(12, digest);
        boolean repeated;
        try (ResultSet row = insert.executeQuery()) {
            repeated = row.next() && row.getLong(1) > 1;
        }
        if (!repeated) {
            addToTotal(session, 1, refusal.body().length);
            trim(session, bounds);
        }
        return true;
    }

    private static void addToTotal(WriteSession session, int entries, long bytes) throws SQLException {
        PreparedStatement update =
                session.prepare("UPDATE quarantine_total SET entries = entries + ?, bytes = bytes + ?");
        update.setInt(1, entries);
        update.setLong(2, bytes);
        update.executeUpdate();
    }

    private static void trim(WriteSession session, Bounds bounds) throws SQLException {
        while (isOver(session, bounds)) {
            PreparedStatement delete = session.prepare("""
                    DELETE FROM quarantine WHERE seq = (SELECT seq FROM quarantine ORDER BY last_at, seq LIMIT 1)
                    RETURNING length(body)""");
            long bytes;
            try (ResultSet row = delete.executeQuery()) {
                if (!row.next()) {
                    return;
                }
                bytes = row.getLong(1);
            }
            addToTotal(session, -1, -bytes);
        }
    }

    private static boolean isOver(WriteSession session, Bounds bounds) throws SQLException {
        PreparedStatement totals = session.prepare("SELECT entries, bytes FROM quarantine_total");
        try (ResultSet row = totals.executeQuery()) {
            row.next();
            long entries = row.getLong(1);
            return entries > bounds.entries() || (row.getLong(2) > bounds.bytes() && entries > 1);
        }
    }

    /** Drops what is old and counts the rest anew. */
    static void dropOlderThan(WriteSession session, Instant time) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM quarantine WHERE last_at < ?");
        Columns.setTime(delete, 1, time);
        delete.executeUpdate();
        session.prepare("""
                        UPDATE quarantine_total SET (entries, bytes) =
                          (SELECT count(*), coalesce(sum(length(body)), 0) FROM quarantine)""").executeUpdate();
    }
}

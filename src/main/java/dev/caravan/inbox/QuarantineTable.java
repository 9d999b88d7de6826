package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Keeps refused requests within bounds: identical ones are one row with a count, and the oldest make room. */
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
                DO UPDATE SET count = count + 1, last_at = excluded.last_at, reason = excluded.reason, headers = excluded.headers,
                  received_at = excluded.received_at, uri = excluded.uri""");
        insert.setString(1, id);
        insert.setString(2, refusal.source());
        insert.setString(3, refusal.kind().label());
        insert.setString(4, refusal.reason());
        Columns.setTime(insert, 5, refusal.receivedAt());
        Columns.setTime(insert, 6, refusal.receivedAt());
        insert.setString(7, refusal.address());
        insert.setString(8, refusal.method());
        insert.setString(9, refusal.uri());
        insert.setString(10, Columns.json(refusal.headers()));
        insert.setBytes(11, refusal.body());
        insert.setBytes(12, digest);
        insert.executeUpdate();
        trim(session, bounds);
        return true;
    }

    private static void trim(WriteSession session, Bounds bounds) throws SQLException {
        PreparedStatement totals = session.prepare("SELECT count(*), coalesce(sum(length(body)), 0) FROM quarantine");
        long entries;
        long bytes;
        try (ResultSet row = totals.executeQuery()) {
            row.next();
            entries = row.getLong(1);
            bytes = row.getLong(2);
        }
        PreparedStatement oldest =
                session.prepare("SELECT seq, length(body) FROM quarantine ORDER BY last_at, seq LIMIT 1");
        PreparedStatement delete = session.prepare("DELETE FROM quarantine WHERE seq = ?");
        while (entries > bounds.entries() || (bytes > bounds.bytes() && entries > 1)) {
            long seq;
            try (ResultSet row = oldest.executeQuery()) {
                if (!row.next()) {
                    return;
                }
                seq = row.getLong(1);
                bytes -= row.getLong(2);
            }
            delete.setLong(1, seq);
            delete.executeUpdate();
            entries--;
        }
    }

    static void dropOlderThan(WriteSession session, Instant time) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM quarantine WHERE last_at < ?");
        Columns.setTime(delete, 1, time);
        delete.executeUpdate();
    }
}

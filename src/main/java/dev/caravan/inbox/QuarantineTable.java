package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps refused requests within bounds. Identical bodies are one row with a count. When it is full, the sender who has
 * most gives up its oldest. What each sender has is kept beside, so that what a refusal costs does not grow with how many
 * there are.
 *
 * <p>Every change locks the row of the totals first, so that processes on one database follow each other here.
 */
final class QuarantineTable {
    private static final int AGED_AT_ONCE = 200;

    private QuarantineTable() {}

    private record Known(String id, String sender, KeptRequest first, List<KeptRequest> later) {}

    static boolean add(WriteSession session, String id, Refusal refusal, byte[] digest, QuarantineBounds bounds)
            throws SQLException {
        lock(session);
        KeptRequest request = KeptRequest.of(refusal);
        Known known = find(session, refusal, digest);
        if (known == null) {
            insert(session, id, refusal, request, digest);
            trim(session, bounds);
        } else {
            repeat(session, known, request);
        }
        return true;
    }

    /** Also for who writes something else beside quarantine: two processes must not wait for each other. */
    static void lock(WriteSession session) throws SQLException {
        session.prepare("UPDATE quarantine_total SET entries = entries").executeUpdate();
    }

    private static @Nullable Known find(WriteSession session, Refusal refusal, byte[] digest) throws SQLException {
        PreparedStatement select = session.prepare("""
                SELECT id, sender, received_at, address, reason, method, uri, headers, later FROM quarantine
                WHERE source = ? AND kind = ? AND body_sha256 = ?""");
        select.setString(1, refusal.source());
        select.setString(2, refusal.kind().label());
        select.setBytes(3, digest);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? new Known(row.getString("id"), row.getString("sender"), first(row), later(row)) : null;
        }
    }

    /** The first request of a row. */
    static KeptRequest first(ResultSet row) throws SQLException {
        return new KeptRequest(
                row.getLong("received_at"),
                row.getString("address"),
                row.getString("sender"),
                row.getString("reason"),
                row.getString("method"),
                row.getString("uri"),
                Columns.texts(row.getString("headers")));
    }

    /** The requests of a row that came after the first and differed. */
    static List<KeptRequest> later(ResultSet row) throws SQLException {
        return Columns.list(row.getString("later"), KeptRequest.class);
    }

    private static void insert(WriteSession session, String id, Refusal refusal, KeptRequest request, byte[] digest)
            throws SQLException {
        String headers = Columns.json(refusal.headers());
        long bytes = refusal.body().length + KeptRequest.bytes(headers, refusal.uri());
        PreparedStatement insert = session.prepare("""
                INSERT INTO quarantine (id, source, kind, reason, received_at, last_at, address, method, uri, headers, body,
                  body_sha256, sender, bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        insert.setString(1, id);
        insert.setString(2, refusal.source());
        insert.setString(3, refusal.kind().label());
        insert.setString(4, Columns.text(refusal.reason()));
        insert.setLong(5, request.receivedAt());
        insert.setLong(6, request.receivedAt());
        insert.setString(7, refusal.address());
        insert.setString(8, refusal.method());
        insert.setString(9, Columns.text(refusal.uri()));
        insert.setString(10, headers);
        insert.setBytes(11, refusal.body());
        insert.setBytes(12, digest);
        insert.setString(13, request.sender());
        insert.setLong(14, bytes);
        insert.executeUpdate();
        count(session, request.sender(), 1, bytes);
    }

    private static void repeat(WriteSession session, Known known, KeptRequest request) throws SQLException {
        List<KeptRequest> later = request.addedTo(known.first(), known.later());
        String before = Columns.json(known.later());
        String after = Columns.json(later);
        long more = after.length() - (long) before.length();
        PreparedStatement update = session.prepare(
                "UPDATE quarantine SET count = count + 1, last_at = ?, later = ?, bytes = bytes + ? WHERE id = ?");
        update.setLong(1, request.receivedAt());
        update.setString(2, after);
        update.setLong(3, more);
        update.setString(4, known.id());
        update.executeUpdate();
        if (more != 0) {
            count(session, known.sender(), 0, more);
        }
    }

    /** Adds to what a sender has, and to the total. */
    private static void count(WriteSession session, String sender, int entries, long bytes) throws SQLException {
        PreparedStatement one = session.prepare("""
                INSERT INTO quarantine_sender (sender, entries, bytes) VALUES (?, ?, ?)
                ON CONFLICT (sender) DO UPDATE SET entries = quarantine_sender.entries + excluded.entries,
                  bytes = quarantine_sender.bytes + excluded.bytes""");
        one.setString(1, sender);
        one.setLong(2, entries);
        one.setLong(3, bytes);
        one.executeUpdate();
        PreparedStatement total =
                session.prepare("UPDATE quarantine_total SET entries = entries + ?, bytes = bytes + ?");
        total.setLong(1, entries);
        total.setLong(2, bytes);
        total.executeUpdate();
        if (entries < 0) {
            PreparedStatement gone = session.prepare("DELETE FROM quarantine_sender WHERE sender = ? AND entries <= 0");
            gone.setString(1, sender);
            gone.executeUpdate();
        }
    }

    private static void trim(WriteSession session, QuarantineBounds bounds) throws SQLException {
        boolean recounted = false;
        while (true) {
            PreparedStatement totals = session.prepare("SELECT entries, bytes FROM quarantine_total");
            long entries;
            long bytes;
            try (ResultSet row = totals.executeQuery()) {
                row.next();
                entries = row.getLong(1);
                bytes = row.getLong(2);
            }
            boolean tooMany = entries > bounds.entries();
            if (!tooMany && (bytes <= bounds.bytes() || entries <= 1)) {
                return;
            }
            if (!dropOldest(session, tooMany ? "entries" : "bytes")) {
                if (recounted) {
                    return;
                }
                recount(session);
                recounted = true;
            }
        }
    }

    /** Drops the oldest of the sender who has most; false where there is none, so that what is counted is wrong. */
    private static boolean dropOldest(WriteSession session, String measure) throws SQLException {
        return drop(session, session.prepare("""
                DELETE FROM quarantine WHERE seq = (SELECT seq FROM quarantine
                  WHERE sender = (SELECT sender FROM quarantine_sender ORDER BY %s DESC, sender LIMIT 1)
                  ORDER BY last_at, seq LIMIT 1)
                RETURNING sender, bytes""".formatted(measure))) > 0;
    }

    /** Drops what has not come since a time, some at once; how many went. */
    static int dropOlderThan(WriteSession session, Instant time) throws SQLException {
        lock(session);
        PreparedStatement delete = session.prepare("""
                DELETE FROM quarantine WHERE seq IN (SELECT seq FROM quarantine WHERE last_at < ? ORDER BY last_at LIMIT ?)
                RETURNING sender, bytes""");
        Columns.setTime(delete, 1, time);
        delete.setInt(2, AGED_AT_ONCE);
        return drop(session, delete);
    }

    /** Drops one; false where there is none of this id. */
    static boolean drop(WriteSession session, String id) throws SQLException {
        lock(session);
        PreparedStatement delete = session.prepare("DELETE FROM quarantine WHERE id = ? RETURNING sender, bytes");
        delete.setString(1, id);
        return drop(session, delete) > 0;
    }

    private static int drop(WriteSession session, PreparedStatement delete) throws SQLException {
        record Gone(String sender, long bytes) {}
        List<Gone> gone = new ArrayList<>();
        try (ResultSet row = delete.executeQuery()) {
            while (row.next()) {
                gone.add(new Gone(row.getString(1), row.getLong(2)));
            }
        }
        for (Gone one : gone) {
            count(session, one.sender(), -1, -one.bytes());
        }
        return gone.size();
    }

    /** Counts anew what there is. */
    static void recount(WriteSession session) throws SQLException {
        lock(session);
        session.prepare("""
                        UPDATE quarantine_total SET
                          entries = (SELECT count(*) FROM quarantine),
                          bytes = (SELECT coalesce(sum(bytes), 0) FROM quarantine)""").executeUpdate();
        session.prepare("DELETE FROM quarantine_sender").executeUpdate();
        session.prepare("""
                        INSERT INTO quarantine_sender (sender, entries, bytes)
                        SELECT sender, count(*), sum(bytes) FROM quarantine GROUP BY sender""").executeUpdate();
    }
}

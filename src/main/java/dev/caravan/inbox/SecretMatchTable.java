package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/** When each secret of a source last verified a request. A secret stands there as a keyed digest. */
final class SecretMatchTable {
    private SecretMatchTable() {}

    static boolean put(WriteSession session, String source, String secret, Instant time) throws SQLException {
        QuarantineTable.lock(session);
        PreparedStatement put = session.prepare("""
                INSERT INTO secret_match (source, secret, matched_at) VALUES (?, ?, ?)
                ON CONFLICT (source, secret) DO UPDATE SET matched_at = excluded.matched_at
                WHERE excluded.matched_at > secret_match.matched_at""");
        put.setString(1, source);
        put.setString(2, secret);
        Columns.setTime(put, 3, time);
        return put.executeUpdate() > 0;
    }
}

package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Which definitions have been told to be broken, so that each breakage is told once, also across a restart. */
final class BreakageTable {
    private BreakageTable() {}

    /** Remembers a breakage: how often its origin has broken by now; empty where the same breakage was known. */
    static OptionalInt add(WriteSession session, String origin, String cause) throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO breakage (origin, cause, times) VALUES (?, ?, 1)
                ON CONFLICT (origin) DO UPDATE SET cause = excluded.cause, times = breakage.times + 1
                WHERE breakage.cause <> excluded.cause
                RETURNING breakage.times""");
        insert.setString(1, origin);
        insert.setString(2, Columns.text(cause));
        try (ResultSet row = insert.executeQuery()) {
            return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
        }
    }

    static List<String> origins(WriteSession session) throws SQLException {
        List<String> origins = new ArrayList<>();
        PreparedStatement select = session.prepare("SELECT origin FROM breakage WHERE cause <> '' ORDER BY origin");
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                origins.add(row.getString(1));
            }
        }
        return origins;
    }

    static void mend(WriteSession session, String origin) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE breakage SET cause = '' WHERE origin = ?");
        update.setString(1, origin);
        update.executeUpdate();
    }
}

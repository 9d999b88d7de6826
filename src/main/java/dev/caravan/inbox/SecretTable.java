package dev.caravan.inbox;

import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Random secrets that an inbox makes for itself. */
final class SecretTable {
    private static final int BYTES = 32;

    private SecretTable() {}

    static byte[] getOrMake(WriteSession session, String name, SecureRandom random) throws SQLException {
        byte[] fresh = new byte[BYTES];
        random.nextBytes(fresh);
        PreparedStatement insert =
                session.prepare("INSERT INTO node_secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING");
        insert.setString(1, name);
        insert.setBytes(2, fresh);
        insert.executeUpdate();
        PreparedStatement select = session.prepare("SELECT value FROM node_secret WHERE name = ?");
        select.setString(1, name);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("A secret that was just stored is not there");
            }
            return row.getBytes(1);
        }
    }
}

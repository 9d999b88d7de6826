package dev.caravan.inbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings a database to the schema of this version by running the numbered files that it has not had yet, each in a
 * transaction of its own.
 */
final class Migrations {
    private static final List<String> FILES = List.of("001-inbox.sql", "002-quarantine-total.sql", "003-steps.sql");

    /** The schema of this version. */
    static final int CURRENT = FILES.size();

    private Migrations() {}

    /**
     * Applies what is missing.
     *
     * @throws StorageException where the database was made by a newer version
     */
    static void apply(Connection connection) throws SQLException {
        int version = version(connection);
        if (version > FILES.size()) {
            throw new StorageException("The inbox has schema " + version + " and this version of Caravan knows "
                    + FILES.size() + ": run the newer version that made it.");
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (int next = version + 1; next <= FILES.size(); next++) {
                for (String sql : statements(FILES.get(next - 1))) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version = " + next);
                connection.commit();
            }
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static List<String> statements(String file) {
        try (InputStream in = Migrations.class.getResourceAsStream("/db/sqlite/" + file)) {
            if (in == null) {
                throw new StorageException("The jar lacks its schema file " + file + ": build it again.");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("--.*$", ""))
                    .reduce("", (all, line) -> all + line + '\n');
            return List.of(text.split(";")).stream()
                    .map(String::strip)
                    .filter(sql -> !sql.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new StorageException("The schema file " + file + " cannot be read.", e);
        }
    }
}

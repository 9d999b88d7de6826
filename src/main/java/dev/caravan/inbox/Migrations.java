package dev.caravan.inbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings a database to the schema of this version by running the numbered files that it has not had yet, each in a
 * transaction of its own.
 */
final class Migrations {
    private static final List<String> FILES = List.of(
            "001-inbox.sql",
            "002-quarantine-total.sql",
            "003-steps.sql",
            "004-nodes.sql",
            "005-step-records.sql",
            "006-quarantine.sql",
            "007-replay.sql",
            "008-retention.sql",
            "009-system-events.sql",
            "010-throttled.sql");

    /** The schema of this version. */
    static final int CURRENT = FILES.size();

    private Migrations() {}

    /**
     * Applies what is missing. Other processes that want the same wait.
     *
     * @throws StorageException where the database was made by a newer version
     */
    static void apply(Database database, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            while (next(database, connection)) {
                connection.commit();
            }
            connection.commit();
        } catch (SQLException | StorageException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Runs one file; false where there is none to run. */
    private static boolean next(Database database, Connection connection) throws SQLException {
        int version = requireNotNewer(database, connection);
        if (version == CURRENT) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements(database.schemaFiles() + FILES.get(version))) {
                statement.execute(sql);
            }
        }
        database.setSchemaVersion(connection, version + 1);
        return true;
    }

    /**
     * The schema's version.
     *
     * @throws StorageException where the database was made by a newer version of Caravan
     */
    static int requireNotNewer(Database database, Connection connection) throws SQLException {
        int version = database.schemaVersion(connection);
        if (version > CURRENT) {
            throw new StorageException("The inbox " + database.name() + " has schema " + version
                    + " and this version of Caravan knows " + CURRENT + ": run the newer version that made it.");
        }
        return version;
    }

    /** @throws StorageException where the database was made by another version of Caravan, and not upgraded */
    static void requireCurrent(Database database, Connection connection) throws SQLException {
        int version = requireNotNewer(database, connection);
        if (version < CURRENT) {
            throw new StorageException("The inbox " + database.name() + " has schema " + version
                    + " and this version of Caravan works with " + CURRENT
                    + ": start this version once, which upgrades it; make a backup first.");
        }
    }

    private static List<String> statements(String file) {
        try (InputStream in = Migrations.class.getResourceAsStream(file)) {
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

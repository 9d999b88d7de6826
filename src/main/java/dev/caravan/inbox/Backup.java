package dev.caravan.inbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A copy of an inbox as it was at one moment, in one SQLite file, made while a node may write. It is written beside its
 * name, synced, and checked before it gets its name.
 *
 * @param events events in the copy
 * @param deliveries deliveries in the copy
 * @param bytes its size
 */
public record Backup(long events, long deliveries, long bytes) {
    private static final String SOUND = "ok";

    /**
     * Writes a copy. Blocks for as long as it takes to write what the inbox holds.
     *
     * @throws StorageException where the inbox is not a SQLite file or cannot be read, where the file is there already
     *     or cannot be written, or where the copy is not sound
     */
    public static Backup write(InboxSettings settings, Path file) {
        Database database = settings.database();
        if (database.isShared()) {
            throw new StorageException(
                    "The inbox " + database.name() + " is a PostgreSQL database: back it up with pg_dump.");
        }
        InboxReader.requireFile(database);
        if (Files.exists(file)) {
            throw new StorageException("The file " + file + " is there already: name another, or move it away.");
        }
        Path whole = file.toAbsolutePath();
        Path part = beside(whole);
        try {
            copy(database, part);
            Backup backup = checked(part);
            Files.move(part, whole);
            return backup;
        } catch (FileAlreadyExistsException e) {
            throw new StorageException("The file " + file + " is there already: name another, or move it away.", e);
        } catch (SQLException | IOException e) {
            throw new StorageException("The backup " + file + " could not be written: " + e.getMessage(), e);
        } finally {
            delete(part);
        }
    }

    private static Path beside(Path file) {
        try {
            return Files.createTempFile(file.getParent(), file.getFileName() + ".", ".part");
        } catch (IOException e) {
            throw new StorageException(
                    "The directory " + file.getParent() + " cannot be written: name a file elsewhere.", e);
        }
    }

    /** A long reader does not keep the node from writing; its log grows meanwhile. */
    private static void copy(Database database, Path part) throws SQLException, IOException {
        try (Connection connection = database.readOnlySource().getConnection()) {
            Migrations.requireNotNewer(database, connection);
            try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
                vacuum.setString(1, part.toString());
                vacuum.execute();
            }
        }
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static Backup checked(Path part) throws SQLException, IOException {
        try (Connection connection = SqliteFile.readOnly(part).getConnection();
                Statement statement = connection.createStatement()) {
            String found = text(statement, "PRAGMA integrity_check");
            if (!found.equals(SOUND)) {
                throw new SQLException("the copy is damaged (" + found + "), so the inbox may be");
            }
            return new Backup(
                    Long.parseLong(text(statement, "SELECT count(*) FROM event")),
                    Long.parseLong(text(statement, "SELECT count(*) FROM delivery")),
                    Files.size(part));
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new StorageException("The file " + part + " could not be deleted: delete it.", e);
        }
    }
}

package dev.caravan.inbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The dialect of an inbox in one SQLite file. Every commit is synced to disk (WAL, {@code synchronous=FULL}). */
final class SqliteFile implements Database {
    private static final int BUSY_TIMEOUT_MS = 10_000;
    private static final int CACHE_KIB = 65_536;

    private final Path path;
    private final AtomicLong subscriptionChanges = new AtomicLong();

    SqliteFile(Path path) {
        this.path = path;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public Connection connect() throws SQLException {
        return config(false).createConnection("jdbc:sqlite:" + path);
    }

    @Override
    public DataSource readOnlySource() {
        return readOnly(path);
    }

    /** Makes connections to any SQLite file that cannot write to it. */
    static DataSource readOnly(Path file) {
        SQLiteDataSource source = new SQLiteDataSource(config(true));
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static SQLiteConfig config(boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.setReadOnly(readOnly);
        if (!readOnly) {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
            config.setCacheSize(-CACHE_KIB);
            // The driver begins the next transaction within commit(): one that took the lock there could fail a commit
            // that is done, and would keep the lock while nothing is written.
            config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        }
        return config;
    }

    @Override
    public boolean isStorageFault(SQLException fault) {
        return fault instanceof SQLiteException e
                && switch (primary(e.getResultCode())) {
                    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB ->
                        true;
                    default -> false;
                };
    }

    @Override
    public String schemaFiles() {
        return "/db/sqlite/";
    }

    @Override
    public int schemaVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    @Override
    public void setSchemaVersion(Connection connection, int version) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + version);
        }
    }

    /**
     * One process writes, and in it one thread: nothing is to be waited for, and no other changes subscriptions. Nothing is
     * read, since SQLite does not wait for its lock where a transaction that has read begins to write.
     */
    @Override
    public Begun begin(WriteSession session, boolean changesSubscriptions) {
        return new Begun(
                session.localTime(),
                changesSubscriptions ? subscriptionChanges.incrementAndGet() : subscriptionChanges.get());
    }

    /** There is no other process. */
    @Override
    public void announce(WriteSession session, String automation) {}

    /** There is no other process. */
    @Override
    public boolean lockOrder(WriteSession session, String automation) {
        return true;
    }

    @Override
    public AutoCloseable listen(Consumer<String> due) {
        return () -> {};
    }

    /** Without waiting for readers: what arrives would wait too. */
    @Override
    public boolean emptyLog(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 0");
            try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                return row.next() && row.getInt(1) == 0;
            } finally {
                statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MS);
            }
        }
    }

    /** {@code secure_delete} overwrites rows as they are deleted. */
    @Override
    public void vacuum() {}

    @Override
    public boolean isShared() {
        return false;
    }

    /** An extended result code carries its primary one in the low byte (sqlite.org/rescode.html). */
    private static SQLiteErrorCode primary(SQLiteErrorCode code) {
        return SQLiteErrorCode.getErrorCode(code.code & 0xff);
    }
}

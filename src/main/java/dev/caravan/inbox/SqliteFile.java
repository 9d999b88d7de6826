package dev.caravan.inbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The dialect of an inbox in one SQLite file. Every commit is synced to disk (WAL, {@code synchronous=FULL}). */
final class SqliteFile {
    private static final int BUSY_TIMEOUT_MS = 10_000;
    private static final int CACHE_KIB = 65_536;

    private final Path path;

    SqliteFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** A connection for the writer. */
    Connection connect() throws SQLException {
        return config(false).createConnection("jdbc:sqlite:" + path);
    }

    /** Makes connections that cannot write. */
    DataSource readOnlySource() {
        SQLiteDataSource source = new SQLiteDataSource(config(true));
        source.setUrl("jdbc:sqlite:" + path);
        return source;
    }

    private static SQLiteConfig config(boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.setReadOnly(readOnly);
        if (!readOnly) {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setCacheSize(-CACHE_KIB);
            // The driver begins the next transaction within commit(): one that took the lock there could fail a commit
            // that is done, and would keep the lock while nothing is written.
            config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        }
        return config;
    }

    /** Whether the fault lies with the file or disk, so that no other write can succeed either. */
    boolean isStorageFault(SQLException fault) {
        return fault instanceof SQLiteException e
                && switch (primary(e.getResultCode())) {
                    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB ->
                        true;
                    default -> false;
                };
    }

    /** An extended result code carries its primary one in the low byte (sqlite.org/rescode.html). */
    private static SQLiteErrorCode primary(SQLiteErrorCode code) {
        return SQLiteErrorCode.getErrorCode(code.code & 0xff);
    }
}

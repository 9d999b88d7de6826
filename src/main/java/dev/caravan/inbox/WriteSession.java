package dev.caravan.inbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The writer's connection with its statements, prepared once each, and what its transaction found. Used by one thread;
 * a statement is good until the same text is prepared again.
 */
final class WriteSession implements AutoCloseable {
    private final Database database;
    private final SteadyClock clock;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private Database.Begun begun = new Database.Begun(Instant.EPOCH, 0);
    private Instant now = Instant.EPOCH;

    /** {@code clock} steadies the database's time. */
    WriteSession(Database database, SteadyClock clock) throws SQLException {
        this.database = database;
        this.clock = clock;
        this.connection = database.connect();
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Opens a transaction. */
    void begin(boolean changesSubscriptions) throws SQLException {
        begun = database.begin(this, changesSubscriptions);
        now = clock.following(begun.now());
    }

    /** When the transaction began, by the clock that all processes on the database share, and never going back. */
    Instant now() {
        return now;
    }

    /** The same as the database's clock shows it, which may be set back. */
    Instant databaseTime() {
        return begun.now();
    }

    /** What the clock of this process shows, which may be set back. */
    Instant localTime() {
        return clock.shown();
    }

    /** How often it changed who gets events, as the transaction found it. */
    long subscriptionChanges() {
        return begun.subscriptions();
    }

    /** What ends a query for rows to claim, so that it takes none that another process is claiming. */
    String skipLocked() {
        return database.isShared() ? "FOR UPDATE SKIP LOCKED" : "";
    }

    /**
     * Keeps other processes from claiming or telling apart deliveries of an automation that have an order, until the
     * transaction ends; false where one of them does that right now. Never waits.
     */
    boolean lockOrder(String automation) throws SQLException {
        return database.lockOrder(this, automation);
    }

    /** What ends a query for rows that nobody else may change until this transaction ends. */
    String forUpdate() {
        return database.isShared() ? "FOR UPDATE" : "";
    }

    /** Lets the other processes on this database know, once this is committed, that a delivery of the automation is due. */
    void announce(String automation) throws SQLException {
        database.announce(this, automation);
    }

    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    Connection connection() {
        return connection;
    }

    /**
     * Undoes what is not committed. Statements are prepared anew after it: a fault may have finalized one of them.
     *
     * @throws SQLException where there was no transaction any more; the session must not be used again
     */
    void rollBack() throws SQLException {
        statements.clear();
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

package dev.caravan.inbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The dialect of an inbox: all that differs between the databases that may hold one. Thread-safe. */
interface Database {

    /** The database as a message may call it; without secrets. */
    String name();

    /** A connection for the writer. */
    Connection connect() throws SQLException;

    /** Makes connections that cannot write. */
    DataSource readOnlySource();

    /** Whether the fault lies with the database as a whole, so that no other write can succeed either. */
    boolean isStorageFault(SQLException fault);

    /** The folder of the schema's numbered files among the resources. */
    String schemaFiles();

    /** The number of the last schema file that was run, 0 in an empty database. Keeps other processes from upgrading until the transaction ends. */
    int schemaVersion(Connection connection) throws SQLException;

    void setSchemaVersion(Connection connection, int version) throws SQLException;

    /**
     * Opens a transaction for what the inbox writes.
     *
     * @param changesSubscriptions the transaction is to change who gets events: it waits until every other that stores
     *     events has ended, and they wait for it
     */
    Begun begin(WriteSession session, boolean changesSubscriptions) throws SQLException;

    /**
     * What a transaction finds.
     *
     * @param now the time by the clock that all processes on this database share
     * @param subscriptions counts the changes of subscriptions so far
     */
    record Begun(Instant now, long subscriptions) {}

    /** Lets the other processes on this database know, once the transaction is committed, that a delivery of the automation is due. */
    void announce(WriteSession session, String automation) throws SQLException;

    /**
     * Keeps other processes from claiming or telling apart deliveries of an automation that have an order, until the
     * transaction ends; false where one of them does that right now. Never waits.
     */
    boolean lockOrder(WriteSession session, String automation) throws SQLException;

    /**
     * Listens to what other processes announce, until it is closed.
     *
     * @param due told the id of an automation, on a thread of the database's
     */
    AutoCloseable listen(Consumer<String> due);

    /**
     * Empties the log beside the tables, which may hold what was deleted. On the writer's thread, with its connection
     * between two transactions; must be short.
     *
     * @return whether it is empty; not where something still reads from it
     */
    boolean emptyLog(Connection writer) throws SQLException;

    /** Frees the room that deleted rows take, where they are not overwritten at once. Takes long where the tables are large. */
    void vacuum() throws SQLException;

    /** Whether several processes may use the database at once. */
    boolean isShared();
}

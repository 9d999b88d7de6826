package dev.caravan.inbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The dialect of an inbox in a PostgreSQL database (from 15 on) that several nodes share. Times are the server's. The
 * tables are those of the connection's schema ({@code currentSchema} in the URL).
 */
final class PostgresDatabase implements Database {
    /** What other nodes listen to; the payload is the automation's id. */
    static final String CHANNEL = "caravan_due";

    /** A node that is paused within a transaction must not hold up the others: its locks end before their patience does. */
    private static final String SESSION = "SET idle_in_transaction_session_timeout = '3s'; SET lock_timeout = '8s'";

    private static final int CONNECT_SECONDS = 2;
    private static final int ANSWER_SECONDS = 20;

    /** Longer payloads are refused by the server; an automation of such a name is found by looking. */
    private static final int LONGEST_PAYLOAD = 7_000;

    /** Of advisory locks: the schema's upgrade; who gets events. The second number is the schema's. */
    private static final String UPGRADE_LOCK = "pg_advisory_xact_lock(57201, hashtext(current_schema()))";

    private static final String SUBSCRIPTIONS_SHARED =
            "SELECT pg_advisory_xact_lock_shared(57202, hashtext(current_schema()))";
    private static final String SUBSCRIPTIONS_ALONE = "SELECT pg_advisory_xact_lock(57202, hashtext(current_schema()))";

    /** Classes of SQL states: connection, resources (disk, memory, connections), operator, system, files. */
    private static final Set<String> STORAGE_CLASSES = Set.of("08", "53", "57", "58", "F0", "XX");

    private static final Set<String> READ_ONLY = Set.of("25006");

    private final InboxSettings.Server server;

    PostgresDatabase(InboxSettings.Server server) {
        this.server = server;
    }

    /** The URL without its parameters, which may hold a password. */
    @Override
    public String name() {
        return server.url().replaceFirst("\\?.*$", "").replaceFirst("//[^/@]*@", "//");
    }

    @Override
    public Connection connect() throws SQLException {
        Connection connection = source().getConnection();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    @Override
    public DataSource readOnlySource() {
        PGSimpleDataSource source = source();
        source.setReadOnly(true);
        return source;
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.url());
        server.username().ifPresent(source::setUser);
        server.password().ifPresent(password -> source.setPassword(password.value()));
        source.setApplicationName("caravan");
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(ANSWER_SECONDS);
        source.setTcpKeepAlive(true);
        return source;
    }

    @Override
    public boolean isStorageFault(SQLException fault) {
        String state = Optional.ofNullable(fault.getSQLState()).orElse("");
        return READ_ONLY.contains(state)
                || (state.length() == 5
                        && STORAGE_CLASSES.contains(state.substring(0, 2).toUpperCase(Locale.ROOT)));
    }

    @Override
    public String schemaFiles() {
        return "/db/postgresql/";
    }

    @Override
    public int schemaVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '15s'");
            statement.execute("SELECT " + UPGRADE_LOCK);
            try (ResultSet row = statement.executeQuery("SELECT to_regclass('caravan_schema') IS NOT NULL")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return 0;
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT version FROM caravan_schema")) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    @Override
    public void setSchemaVersion(Connection connection, int version) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS caravan_schema (version INTEGER NOT NULL)");
            if (statement.executeUpdate("UPDATE caravan_schema SET version = " + version) == 0) {
                statement.executeUpdate("INSERT INTO caravan_schema (version) VALUES (" + version + ")");
            }
        }
    }

    /** The lock comes in a statement of its own, since a statement sees what was committed before it began. */
    @Override
    public Begun begin(WriteSession session, boolean changesSubscriptions) throws SQLException {
        session.prepare(changesSubscriptions ? SUBSCRIPTIONS_ALONE : SUBSCRIPTIONS_SHARED)
                .execute();
        PreparedStatement state = session.prepare(
                "SELECT subscriptions, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM inbox_state");
        try (ResultSet row = state.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("The inbox " + name() + " has no state");
            }
            return new Begun(Instant.ofEpochMilli(row.getLong(2)), row.getLong(1));
        }
    }

    @Override
    public void announce(WriteSession session, String automation) throws SQLException {
        if (automation.length() < LONGEST_PAYLOAD) {
            PreparedStatement notify = session.prepare("SELECT pg_notify(?, ?)");
            notify.setString(1, CHANNEL);
            notify.setString(2, automation);
            notify.execute();
        }
    }

    /** The server keeps its log for as long as it needs it. */
    @Override
    public boolean emptyLog(Connection writer) {
        return true;
    }

    @Override
    public void vacuum() throws SQLException {
        PGSimpleDataSource source = source();
        source.setSocketTimeout(0);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("event", "delivery", "attempt", "step", "quarantine")) {
                statement.execute("VACUUM " + table);
            }
        }
    }

    @Override
    public boolean lockOrder(WriteSession session, String automation) throws SQLException {
        PreparedStatement lock =
                session.prepare("SELECT pg_try_advisory_xact_lock(57203, hashtext(current_schema() || ' ' || ?))");
        lock.setString(1, automation);
        try (ResultSet row = lock.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public AutoCloseable listen(Consumer<String> due) {
        return new Bells(this, due);
    }

    @Override
    public boolean isShared() {
        return true;
    }
}

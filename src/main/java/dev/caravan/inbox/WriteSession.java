package dev.caravan.inbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The writer's connection with its statements, prepared once each. Used by one thread; a statement is good until the
 * same text is prepared again.
 */
final class WriteSession implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    WriteSession(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
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

package dev.caravan.inbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, on a connection and a thread of its own, to what other nodes announce. Connects again where that is lost. */
final class Bells implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bells.class);
    private static final int LISTEN_MILLIS = 1_000;

    private final PostgresDatabase database;
    private final Consumer<String> due;
    private final Thread thread = new Thread(this::run, "inbox-bells");
    private volatile boolean closed;

    /** {@code due} is told the id of an automation that may have something to do. */
    Bells(PostgresDatabase database, Consumer<String> due) {
        this.database = database;
        this.due = due;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + PostgresDatabase.CHANNEL);
                listen(connection.unwrap(PGConnection.class));
            } catch (SQLException | RuntimeException e) {
                LOG.debug("The connection that listens to other nodes is lost: {}", e.getMessage());
                pause();
            }
        }
    }

    private void listen(PGConnection connection) throws SQLException {
        while (!closed) {
            PGNotification[] heard = connection.getNotifications(LISTEN_MILLIS);
            for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
                due.accept(notification.getParameter());
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(LISTEN_MILLIS);
        } catch (InterruptedException e) {
            LOG.debug("The pause before listening again ends early.");
        }
    }

    /** Ends within a second; does not wait for it. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}

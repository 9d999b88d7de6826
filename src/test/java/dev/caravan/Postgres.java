package dev.caravan;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server, started on first use and ended with the JVM, with a new database for whoever asks. */
public final class Postgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Postgres() {}

    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A server of the oldest version that an inbox works on; Linux on x86-64 only. */
    public static EmbeddedPostgres startOldest() {
        try {
            return EmbeddedPostgres.builder()
                    .setPgBinaryResolver((system, machine) ->
                            Files.newInputStream(Path.of("target", "postgres-oldest", "postgres-linux-x86_64.txz")))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JDBC URL of a new, empty database. */
    public static String newDatabase() {
        return newDatabase(Server.RUNNING);
    }

    /** The same on a server of the test's own. */
    public static String newDatabase(EmbeddedPostgres server) {
        String name = "caravan" + DATABASES.incrementAndGet();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.getJdbcUrl("postgres", name);
    }
}

package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.Postgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class OldestPostgresInboxTest extends PostgresInboxTest {
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() {
        server = Postgres.startOldest();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    String newDatabase() {
        return Postgres.newDatabase(server);
    }

    @Test
    void theServerIsOfThatVersion() throws SQLException {
        try (var connection = server.getPostgresDatabase().getConnection()) {
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(15);
        }
    }
}

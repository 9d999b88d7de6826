package dev.caravan.inbox;

import dev.caravan.Postgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

class PostgresReplayTest extends ReplayContract {
    private final String url = Postgres.newDatabase();

    @Override
    InboxSettings settings() {
        return PostgresInboxTest.on(url, directory, Duration.ofSeconds(30));
    }

    @Override
    void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

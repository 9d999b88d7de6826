package dev.caravan.inbox;

import dev.caravan.Postgres;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

class PostgresInboxTest extends InboxContract {
    private final String url = newDatabase();

    String newDatabase() {
        return Postgres.newDatabase();
    }

    @Override
    InboxSettings settings() {
        return on(url, directory, Duration.ofSeconds(30));
    }

    static InboxSettings on(String url, Path data, Duration lease) {
        return new InboxSettings(
                data,
                Optional.of(new InboxSettings.Server(url, Optional.empty(), Optional.empty())),
                lease,
                Optional.empty());
    }

    @Override
    void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    String newerSchema() {
        return "UPDATE caravan_schema SET version = 99";
    }
}

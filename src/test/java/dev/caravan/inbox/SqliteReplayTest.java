package dev.caravan.inbox;

import java.sql.DriverManager;
import java.sql.SQLException;

class SqliteReplayTest extends ReplayContract {

    @Override
    InboxSettings settings() {
        return InboxSettings.sqlite(directory);
    }

    @Override
    void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("caravan.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

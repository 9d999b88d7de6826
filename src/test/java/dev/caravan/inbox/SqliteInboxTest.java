package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SqliteInboxTest extends InboxContract {

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

    @Override
    String newerSchema() {
        return "PRAGMA user_version = 99";
    }

    @Test
    void aSecondProcessIsRefused() {
        assertThatThrownBy(this::openInbox)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is in use by another Caravan process");
    }
}

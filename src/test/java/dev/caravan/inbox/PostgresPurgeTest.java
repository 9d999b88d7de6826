package dev.caravan.inbox;

import dev.caravan.Postgres;
import java.time.Duration;

class PostgresPurgeTest extends PurgeContract {
    private final String url = Postgres.newDatabase();

    @Override
    InboxSettings settings() {
        return PostgresInboxTest.on(url, directory, Duration.ofSeconds(30));
    }

    @Override
    String url() {
        return url;
    }
}

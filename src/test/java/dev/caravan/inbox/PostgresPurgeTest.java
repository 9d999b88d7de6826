package dev.caravan.inbox;

import dev.caravan.Postgres;
import java.util.Optional;

class PostgresPurgeTest extends PurgeContract {
    private final String url = Postgres.newDatabase();

    @Override
    InboxSettings settings() {
        return new InboxSettings(
                directory, Optional.of(new InboxSettings.Server(url, Optional.empty(), Optional.empty())));
    }

    @Override
    String url() {
        return url;
    }
}

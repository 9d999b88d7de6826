package dev.caravan.inbox;

class SqliteSystemEventsTest extends SystemEventsContract {

    @Override
    InboxSettings settings() {
        return InboxSettings.sqlite(directory);
    }
}

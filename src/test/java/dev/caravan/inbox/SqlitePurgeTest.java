package dev.caravan.inbox;

class SqlitePurgeTest extends PurgeContract {

    @Override
    InboxSettings settings() {
        return InboxSettings.sqlite(directory);
    }

    @Override
    String url() {
        return "jdbc:sqlite:" + directory.resolve("caravan.db");
    }
}

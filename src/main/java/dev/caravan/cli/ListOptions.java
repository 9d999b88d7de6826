package dev.caravan.cli;

import dev.caravan.inbox.InboxReader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that list have in common. */
final class ListOptions {
    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: ${DEFAULT-VALUE}; 0: all).")
    private int limit = 50;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    InboxReader open() {
        return InboxReader.open(directory.inbox());
    }

    int limit() {
        return limit;
    }

    boolean json() {
        return json;
    }
}

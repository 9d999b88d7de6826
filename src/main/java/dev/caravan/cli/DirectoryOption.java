package dev.caravan.cli;

import dev.caravan.inbox.InboxSettings;
import dev.caravan.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --dir}: where a node's files are. */
final class DirectoryOption {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where application.properties, routes/ and data/ are (default: the current directory).")
    private Path directory = Path.of(".");

    /**
     * The directory.
     *
     * @throws CommandFailure where it is none
     */
    Path get() {
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(
                    "The directory " + directory + " is not there: make it, or name another with --dir.");
        }
        return directory;
    }

    /**
     * Where the directory's inbox is.
     *
     * @throws dev.caravan.settings.InvalidSettings where caravan.inbox.url cannot be used
     */
    InboxSettings inbox() {
        return InboxSettings.read(Settings.load(get()), data());
    }

    Path data() {
        return get().resolve("data");
    }
}

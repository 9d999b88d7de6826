package dev.caravan.inbox;

import dev.caravan.settings.InvalidSettings;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where an inbox is: in one SQLite file of a data directory, or on a PostgreSQL server that several nodes share.
 *
 * @param data the directory of the SQLite file; with a server it holds only what tells of the node that runs in it
 */
public record InboxSettings(Path data, Optional<Server> server) {
    private static final String URL = "caravan.inbox.url";
    private static final String SERVER = "jdbc:postgresql:";

    /**
     * A PostgreSQL database.
     *
     * @param url a JDBC URL, {@code jdbc:postgresql://host/database}
     */
    public record Server(String url, Optional<String> username, Optional<Secret> password) {}

    /** The SQLite inbox of a data directory. */
    public static InboxSettings sqlite(Path data) {
        return new InboxSettings(data, Optional.empty());
    }

    /**
     * Reads {@code caravan.inbox.url}, {@code .username} and {@code .password}; without a URL it is SQLite.
     *
     * @throws InvalidSettings where the URL is of no database that can hold an inbox
     */
    public static InboxSettings read(Settings settings, Path data) {
        Optional<Server> server = server(settings);
        List<String> problems =
                settings.problems().stream().filter(p -> p.startsWith(URL)).toList();
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return new InboxSettings(data, server);
    }

    /** The server that the settings name, empty where they name none; a URL that cannot be used is a problem of theirs. */
    public static Optional<Server> server(Settings settings) {
        Optional<String> url = settings.text(URL).map(String::strip).filter(text -> !text.isEmpty());
        Optional<String> username = settings.text("caravan.inbox.username").filter(text -> !text.isEmpty());
        Optional<Secret> password = settings.text("caravan.inbox.password")
                .filter(text -> !text.isEmpty())
                .map(Secret::new);
        if (url.isPresent() && !url.get().startsWith(SERVER)) {
            settings.problem(
                    URL, "is not a PostgreSQL database: write jdbc:postgresql://host/database, or nothing for SQLite.");
            return Optional.empty();
        }
        return url.map(at -> new Server(at, username, password));
    }

    Database database() {
        return server.<Database>map(PostgresDatabase::new).orElseGet(() -> new SqliteFile(data.resolve("caravan.db")));
    }
}

package dev.caravan.inbox;

import dev.caravan.settings.InvalidSettings;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where an inbox is: in one SQLite file of a data directory, or on a PostgreSQL server that several nodes share.
 *
 * @param data the directory of the SQLite file; with a server it holds only what tells of the node that runs in it
 * @param lease how long a claim holds without a sign of life where several nodes share the inbox
 * @param deployment the name that nodes with the same routes have in common; empty where {@code data} has its own
 */
public record InboxSettings(Path data, Optional<Server> server, Duration lease, Optional<String> deployment) {
    private static final String URL = "caravan.inbox.url";
    private static final String SERVER = "jdbc:postgresql:";
    private static final Duration LEASE = Duration.ofSeconds(30);

    /**
     * A PostgreSQL database.
     *
     * @param url a JDBC URL, {@code jdbc:postgresql://host/database}
     */
    public record Server(String url, Optional<String> username, Optional<Secret> password) {}

    /** The SQLite inbox of a data directory. */
    public static InboxSettings sqlite(Path data) {
        return new InboxSettings(data, Optional.empty(), LEASE, Optional.empty());
    }

    /**
     * Reads {@code caravan.inbox.url}, {@code .username}, {@code .password} and {@code .deployment}, and {@code
     * caravan.delivery.lease}; without a URL it is SQLite.
     *
     * @throws InvalidSettings where the URL is of no database that can hold an inbox
     */
    public static InboxSettings read(Settings settings, Path data) {
        InboxSettings read = read(settings).in(data);
        List<String> problems =
                settings.problems().stream().filter(p -> p.startsWith(URL)).toList();
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return read;
    }

    /** The same of a node that has its data below its settings; a URL that cannot be used is a problem of theirs. */
    public static InboxSettings read(Settings settings) {
        return new InboxSettings(
                settings.directory().resolve("data"),
                server(settings),
                settings.duration("caravan.delivery.lease", LEASE),
                settings.text("caravan.inbox.deployment").filter(name -> !name.isBlank()));
    }

    /** The same with its data elsewhere. */
    public InboxSettings in(Path other) {
        return new InboxSettings(other, server, lease, deployment);
    }

    /** A SQLite inbox that shares nothing with the one of these settings. */
    public InboxSettings apart(Path other) {
        return new InboxSettings(other, Optional.empty(), lease, deployment);
    }

    private static Optional<Server> server(Settings settings) {
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

    /**
     * The deployment that a node here is one of. A directory without a name of the user's gets one for good; a SQLite
     * inbox, wherever it is copied to, has one owner only.
     *
     * @throws StorageException where the name cannot be written
     */
    String home() {
        return server.isEmpty() ? "" : deployment.orElseGet(() -> DataDirectory.name(data));
    }
}

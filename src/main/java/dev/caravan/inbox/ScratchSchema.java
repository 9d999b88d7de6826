package dev.caravan.inbox;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A new schema in a PostgreSQL database, for an inbox that goes when this is closed. Leaves all others alone. */
public final class ScratchSchema implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScratchSchema.class);
    private static final int NAME_BYTES = 8;
    private static final Pattern CURRENT_SCHEMA = Pattern.compile("([?&])currentSchema=[^&]*&?");

    private final InboxSettings.Server database;
    private final String name;

    private ScratchSchema(InboxSettings.Server database, String name) {
        this.database = database;
        this.name = name;
    }

    /**
     * Makes it.
     *
     * @throws StorageException where the database cannot be reached, or its user may not make a schema
     */
    public static ScratchSchema create(InboxSettings.Server database) {
        byte[] random = new byte[NAME_BYTES];
        new SecureRandom().nextBytes(random);
        ScratchSchema schema =
                new ScratchSchema(database, "caravan_scratch_" + HexFormat.of().formatHex(random));
        try {
            schema.execute("CREATE SCHEMA " + schema.name);
            return schema;
        } catch (SQLException e) {
            throw new StorageException(
                    "A schema cannot be made in " + new PostgresDatabase(database).name() + " (" + e.getMessage()
                            + "): allow it with GRANT CREATE ON DATABASE.",
                    e);
        }
    }

    /** The database with this schema in place of its own. */
    public InboxSettings.Server server() {
        String url = CURRENT_SCHEMA.matcher(database.url()).replaceAll("$1").replaceFirst("[?&]$", "");
        return new InboxSettings.Server(
                url + (url.contains("?") ? "&" : "?") + "currentSchema=" + name,
                database.username(),
                database.password());
    }

    /** Drops it with all that is in it; where the database is away it stays. */
    @Override
    public void close() {
        try {
            execute("DROP SCHEMA IF EXISTS " + name + " CASCADE");
        } catch (SQLException e) {
            LOG.warn(
                    "The schema {} stays in {} ({}): drop it by hand.",
                    name,
                    new PostgresDatabase(database).name(),
                    e.getMessage());
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = new PostgresDatabase(database).connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

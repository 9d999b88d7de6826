package dev.caravan.sink;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/**
 * The databases that automations write to, one HikariCP pool each. {@code results} is there unless it is configured
 * otherwise: the SQLite file {@code data/results.db}, its tables created where they are missing.
 *
 * <p>A database that is away does not hold up the start: a statement on it fails and passes.
 */
public final class DataSources implements AutoCloseable {
    /** The name of the default data source. */
    public static final String RESULTS = "results";

    static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private static final long CONNECTION_MILLIS = 5_000;

    private final Map<String, HikariDataSource> pools;

    /**
     * How a database is reached.
     *
     * @param name as routes name it, and the bean's name in Camel's registry
     * @param url a JDBC URL whose driver is on the class path
     * @param poolSize connections at most
     */
    public record Definition(
            String name,
            String url,
            @Nullable String username,
            @Nullable String password,
            int poolSize) {}

    private DataSources(Map<String, HikariDataSource> pools) {
        this.pools = pools;
    }

    /**
     * Opens the pools, without waiting for the databases.
     *
     * @param directory where {@code data/} is
     * @throws IllegalArgumentException if a definition has no driver
     * @throws UncheckedIOException if the default file cannot be created or opened
     */
    public static DataSources open(Path directory, List<Definition> definitions) {
        Map<String, HikariDataSource> pools = new LinkedHashMap<>();
        DataSources opened = new DataSources(pools);
        try {
            for (Definition definition : definitions) {
                pools.put(definition.name(), pool(definition));
            }
            if (!pools.containsKey(RESULTS)) {
                pools.put(RESULTS, results(directory));
            }
            return opened;
        } catch (RuntimeException failed) {
            opened.close();
            throw failed;
        }
    }

    /**
     * What the settings name: {@code caravan.datasource.<name>.url}, {@code .username}, {@code .password} and
     * {@code .pool-size} (8). A definition without a JDBC URL is a problem of the settings.
     */
    public static List<Definition> read(Settings settings) {
        List<Definition> definitions = new ArrayList<>();
        for (String name : settings.names("caravan.datasource")) {
            String key = "caravan.datasource." + name;
            String url = settings.text(key + ".url").orElse("");
            String user = settings.text(key + ".username").orElse(null);
            String password = settings.text(key + ".password").orElse(null);
            int size = settings.count(key + ".pool-size", 8, 1, 200);
            if (url.startsWith("jdbc:") && NAME.matcher(name).matches()) {
                definitions.add(new Definition(name, url, user, password, size));
            } else {
                settings.problem(key + ".url", "A data source needs a JDBC URL and a name of letters, digits, _ and -");
            }
        }
        return List.copyOf(definitions);
    }

    /** Binds each pool under its name, where camel-jdbc looks for it. */
    public void bind(Registry registry) {
        pools.forEach((name, pool) -> registry.bind(name, DataSource.class, pool));
    }

    /** Binds the names to data sources that reach no database: enough to check the routes that use them. */
    public static void bindUnopened(Registry registry, List<Definition> definitions) {
        definitions.forEach(definition -> registry.bind(definition.name(), DataSource.class, new SQLiteDataSource()));
        registry.bind(RESULTS, DataSource.class, new SQLiteDataSource());
    }

    /**
     * One of the pools.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public DataSource named(String name) {
        HikariDataSource pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException(
                    "There is no data source " + name + ": set caravan.datasource." + name + ".url");
        }
        return pool;
    }

    @Override
    public void close() {
        pools.values().forEach(HikariDataSource::close);
    }

    private static HikariDataSource pool(Definition definition) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("datasource-" + definition.name());
        config.setJdbcUrl(definition.url());
        config.setUsername(definition.username());
        config.setPassword(definition.password());
        config.setMaximumPoolSize(definition.poolSize());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.setInitializationFailTimeout(-1);
        if (definition.url().startsWith("jdbc:sqlite:")) {
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("busy_timeout", "10000");
        } else if (definition.url().startsWith("jdbc:postgresql:")) {
            // A text then fits a timestamp, a uuid or a json column, as it does in SQL written by hand.
            config.addDataSourceProperty("stringtype", "unspecified");
        }
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException noDriver) {
            // The cause's message quotes the URL, which may hold a password.
            throw new IllegalArgumentException("The data source " + definition.name()
                    + " cannot be opened: check its URL and that its driver's jar is in lib/");
        }
    }

    private static HikariDataSource results(Path directory) {
        try {
            Path file = Files.createDirectories(directory.resolve("data")).resolve("results.db");
            HikariDataSource pool = pool(new Definition(RESULTS, "jdbc:sqlite:" + file, null, null, 4));
            createTables(pool, file);
            return pool;
        } catch (IOException failed) {
            throw new UncheckedIOException("The directory of data/results.db cannot be created", failed);
        }
    }

    private static void createTables(HikariDataSource pool, Path file) throws IOException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : resource().split(";\\s*\\n", -1)) {
                if (!table.isBlank()) {
                    statement.executeUpdate(table);
                }
            }
        } catch (SQLException failed) {
            pool.close();
            throw new IOException("The tables of " + file + " cannot be created", failed);
        }
    }

    private static String resource() throws IOException {
        try (InputStream sql = DataSources.class.getResourceAsStream("results.sql")) {
            if (sql == null) {
                throw new IOException("results.sql is not in the jar");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

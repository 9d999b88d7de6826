package dev.caravan.sink;

import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.delivery.StepFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code database-upsert-sink}: writes one row, inserted or, where its key exists, updated, through
 * camel-jdbc with named parameters. Running it twice leaves the same row. A column without a value is left out, so that
 * what another event wrote is not blanked.
 */
public final class DatabaseUpsertSink extends SinkBean<DatabaseUpsertSink.Target, DatabaseUpsertSink.Started> {
    /** PostgreSQL's "undefined function": it has no {@code =} for the type. */
    private static final String NOT_COMPARABLE = "42883";

    private @Nullable String datasource;
    private @Nullable String table;
    private @Nullable String key;
    private @Nullable String columns;
    private @Nullable String newest;
    private volatile @Nullable UpsertDialect dialect;

    /** What the step says. */
    record Target(
            String dataSource,
            String table,
            List<String> key,
            ColumnTemplates columns,
            @Nullable String newest) {
        String what() {
            return "Table " + table + " of data source " + dataSource;
        }
    }

    /** What it holds while it runs. */
    record Started(Sinks sinks, Target target, Producer jdbc) implements AutoCloseable {
        String what() {
            return target.what();
        }

        @Override
        public void close() {
            ServiceHelper.stopAndShutdownService(jdbc);
        }
    }

    public DatabaseUpsertSink() {
        super("database-upsert-sink");
    }

    public void setDatasource(String value) {
        this.datasource = value;
    }

    public void setTable(String value) {
        this.table = value;
    }

    public void setKey(String value) {
        this.key = value;
    }

    public void setColumns(String value) {
        this.columns = value;
    }

    public void setNewest(String value) {
        this.newest = value;
    }

    @Override
    protected Target read(CamelContext camel) {
        String source = optional(datasource);
        String name = source == null ? DataSources.RESULTS : source.strip();
        if (!DataSources.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The data source " + name + " is not a name");
        }
        if (camel.getRegistry().lookupByNameAndType(name, DataSource.class) == null) {
            throw new IllegalArgumentException(
                    "There is no data source " + name + ": set caravan.datasource." + name + ".url");
        }
        String target = Identifiers.checkTable(required(table, "table").strip());
        ColumnTemplates row = ColumnTemplates.of(required(columns, "columns"), camel);
        List<String> keys = keys(required(key, "key"), row);
        String decides = optional(newest);
        if (decides != null && (!row.has(decides.strip()) || keys.contains(decides.strip()))) {
            throw new IllegalArgumentException(
                    "The column " + decides.strip() + " of the parameter newest is not among the columns: add it");
        }
        return new Target(name, target, keys, row, decides == null ? null : decides.strip());
    }

    @Override
    protected Started open(Target target, CamelContext camel) throws Exception {
        Producer jdbc = camel.getEndpoint("jdbc:" + target.dataSource() + "?useHeadersAsParameters=true")
                .createProducer();
        ServiceHelper.startService(jdbc);
        return new Started(Sinks.of(camel), target, jdbc);
    }

    private static List<String> keys(String text, ColumnTemplates row) {
        List<String> keys = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(Identifiers::checkColumn)
                .toList();
        for (String name : keys) {
            if (!row.has(name)) {
                throw new IllegalArgumentException("The key column " + name + " is not among the columns: add it");
            }
        }
        return keys;
    }

    @Override
    protected void deliver(Started running, Exchange exchange) throws Exception {
        Map<String, Object> row = row(running, exchange);
        try {
            write(running, dialect(running), row);
        } catch (SQLException refused) {
            throw SqlFailures.of(refused, running.what());
        } catch (RuntimeException failure) {
            throw new FailureClassifier(running.sinks().clock()).classify(failure);
        }
    }

    @Override
    protected boolean canLook() {
        return true;
    }

    /**
     * Found is a row with the key whose other columns equal what would be written. The database compares, by its own
     * rules for the columns' types; where it cannot compare one (SQLState 42883, as PostgreSQL for {@code json}), and
     * where another event has changed the row since, the row counts as absent and is written again, which leaves the
     * row that a first writing leaves.
     */
    @Override
    protected Look look(Started running, Exchange exchange, LookRequest request) throws Exception {
        Map<String, Object> row = row(running, exchange);
        String sql = dialect(running).look(running.target().table(), List.copyOf(row.keySet()));
        try {
            int rows = run(running, sql, row).getHeader(JdbcConstants.JDBC_ROW_COUNT, 0, Integer.class);
            return rows > 0 ? new Look.Found() : new Look.Absent();
        } catch (SQLException refused) {
            if (NOT_COMPARABLE.equals(refused.getSQLState())) {
                return new Look.Absent();
            }
            throw SqlFailures.of(refused, running.what());
        } catch (RuntimeException failure) {
            throw new FailureClassifier(running.sinks().clock()).classify(failure);
        }
    }

    private static void write(Started running, UpsertDialect how, Map<String, Object> row) throws Exception {
        try {
            for (String sql : how.statements(
                    running.target().table(),
                    running.target().key(),
                    List.copyOf(row.keySet()),
                    running.target().newest())) {
                if (changed(running, sql, row)) {
                    return;
                }
            }
        } catch (SQLException refused) {
            boolean overtaken = how == UpsertDialect.UPDATE_THEN_INSERT && SqlFailures.isDuplicate(refused);
            if (!overtaken) {
                throw refused;
            }
            if (!running.target().key().containsAll(row.keySet())) {
                throw StepFailure.passing(running.what() + " got the same row from elsewhere just now", null);
            }
        }
    }

    private static Map<String, Object> row(Started running, Exchange exchange) {
        Map<String, Object> row = new LinkedHashMap<>();
        running.target().columns().row(exchange).forEach((name, value) -> row.put(name, storable(value)));
        if (running.target().newest() != null
                && !row.containsKey(running.target().newest())) {
            throw StepFailure.permanent(
                    running.what() + ": the column " + running.target().newest()
                            + " of the parameter newest has no value in this event: choose another or filter such events");
        }
        for (String name : running.target().key()) {
            if (!row.containsKey(name) || "".equals(row.get(name))) {
                throw StepFailure.permanent(running.what() + ": the key column " + name
                        + " has no value in this event: choose another key or filter such events");
            }
        }
        return row;
    }

    /** PostgreSQL has no text with U+0000. */
    private static Object storable(Object value) {
        return value instanceof String text && text.indexOf('\0') >= 0 ? text.replace("\0", "") : value;
    }

    /** Runs one statement; true if it wrote a row, or is not to be run. */
    private static boolean changed(Started running, String sql, Map<String, Object> row) throws Exception {
        SqlStatement statement = new SqlStatement(
                running.target().dataSource(),
                running.target().table(),
                running.target().key(),
                sql,
                new LinkedHashMap<>(row));
        return !running.sinks().statements().test(statement)
                || run(running, sql, row).getHeader(JdbcConstants.JDBC_UPDATE_COUNT, 0, Integer.class) > 0;
    }

    /** Runs one statement with the row's values. */
    private static Message run(Started running, String sql, Map<String, Object> row) throws Exception {
        Exchange request = running.jdbc().getEndpoint().createExchange();
        Map<String, Object> parameters = new LinkedHashMap<>();
        List<Object> values = new ArrayList<>(row.values());
        for (int index = 0; index < values.size(); index++) {
            parameters.put(UpsertDialect.parameter(index), values.get(index));
        }
        request.getIn().setBody(sql);
        request.getIn().setHeader(JdbcConstants.JDBC_PARAMETERS, parameters);
        running.jdbc().process(request);
        if (request.getException() != null) {
            throw request.getException();
        }
        return request.getMessage();
    }

    private UpsertDialect dialect(Started running) throws SQLException {
        UpsertDialect known = dialect;
        if (known == null) {
            DataSource pool = getCamelContext()
                    .getRegistry()
                    .lookupByNameAndType(running.target().dataSource(), DataSource.class);
            known = dialect(pool);
            dialect = known;
        }
        return known;
    }

    /** By the URL where there is one: a dry run must not connect to find out. */
    private static UpsertDialect dialect(DataSource pool) throws SQLException {
        if (pool instanceof HikariDataSource named && named.getJdbcUrl() != null) {
            return UpsertDialect.of(named.getJdbcUrl().split("//", 2)[0]);
        }
        try (Connection connection = pool.getConnection()) {
            return UpsertDialect.of(connection.getMetaData().getDatabaseProductName());
        }
    }
}

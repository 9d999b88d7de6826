package dev.caravan.dryrun;

import dev.caravan.dryrun.Effect.Change;
import dev.caravan.sink.SqlStatement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.jspecify.annotations.Nullable;

/**
 * Tells what SQL does. {@code database-upsert-sink} announces each of its statements just before it runs it, and
 * one step runs at a time ({@link CurrentStep}); the row is read back from the database afterwards, so that what is shown is what is there.
 */
final class SqlEffects {
    private final Consumer<Effect.What> observer;
    private final boolean run;
    private final AtomicReference<@Nullable SqlStatement> announced = new AtomicReference<>();

    /** @param run whether statements are run or only shown */
    SqlEffects(boolean run, Consumer<Effect.What> observer) {
        this.run = run;
        this.observer = observer;
    }

    /** Takes a statement of {@code database-upsert-sink}, and says whether it is to be run. */
    boolean announce(SqlStatement statement) {
        if (run) {
            announced.set(statement);
        } else {
            observer.accept(row(statement, statement.columns(), Change.NOT_RUN));
        }
        return run;
    }

    /** Whether this is the statement that was announced last. */
    boolean isRow(String sql) {
        SqlStatement statement = announced.get();
        return statement != null && statement.sql().equals(sql);
    }

    void statement(String dataSource, String sql, Map<String, @Nullable Object> values, boolean isRun) {
        observer.accept(new Effect.Statement(dataSource, sql.strip(), values, isRun));
    }

    /** Runs the announced statement and tells what became of its row. */
    void write(Exchange exchange, Producer jdbc) throws Exception {
        SqlStatement statement = announced.getAndSet(null);
        if (statement == null) {
            throw new IllegalStateException("No statement was announced");
        }
        boolean existed = read(statement, jdbc) != null;
        try {
            jdbc.process(exchange);
        } catch (Exception failed) {
            observer.accept(row(statement, statement.columns(), Change.FAILED));
            throw failed;
        }
        Map<String, @Nullable Object> stored = read(statement, jdbc);
        boolean foundNoRow = exchange.getMessage().getHeader(JdbcConstants.JDBC_UPDATE_COUNT, 0, Integer.class) == 0
                && statement.sql().startsWith("UPDATE");
        if (!foundNoRow) {
            observer.accept(row(
                    statement,
                    stored == null ? statement.columns() : stored,
                    existed ? Change.UPDATED : Change.INSERTED));
        }
    }

    private static Effect.Row row(SqlStatement statement, Map<String, @Nullable Object> values, Change change) {
        return new Effect.Row(
                statement.dataSource() + "." + statement.table(), statement.key(), values, change, statement.sql());
    }

    /**
     * The row as it is in the database, what the statement names first, columns without a value left out; null if there
     * is none, or it cannot be read.
     */
    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, @Nullable Object> read(SqlStatement statement, Producer jdbc) {
        Exchange request = jdbc.getEndpoint().createExchange();
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        statement.key().forEach(name -> parameters.put(name, statement.columns().get(name)));
        request.getIn()
                .setBody("SELECT * FROM " + quoted(statement.table()) + " WHERE "
                        + statement.key().stream()
                                .map(name -> quoted(name) + " = :?" + name)
                                .collect(Collectors.joining(" AND ")));
        request.getIn().setHeader(JdbcConstants.JDBC_PARAMETERS, parameters);
        try {
            jdbc.process(request);
        } catch (Exception unreadable) {
            return null;
        }
        List<Map<String, @Nullable Object>> rows = request.getMessage().getBody(List.class);
        if (rows == null || rows.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        statement.columns().keySet().forEach(name -> row.put(name, rows.get(0).get(name)));
        row.putAll(rows.get(0));
        row.values().removeIf(value -> value == null);
        return row;
    }

    private static String quoted(String name) {
        return Arrays.stream(name.split("\\.", -1))
                .map(part -> '"' + part + '"')
                .collect(Collectors.joining("."));
    }
}

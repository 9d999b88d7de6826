package dev.caravan.sink;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement of {@code database-upsert-sink}.
 *
 * @param dataSource the data source's name
 * @param table as the route file names it
 * @param key the names of the columns that identify the row
 * @param sql with its parameters as {@code :?c1}, {@code :?c2}, …
 * @param columns the row's values by column, in the route file's order, those without a value left out
 */
public record SqlStatement(
        String dataSource, String table, List<String> key, String sql, Map<String, @Nullable Object> columns) {
    public SqlStatement {
        key = List.copyOf(key);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }
}

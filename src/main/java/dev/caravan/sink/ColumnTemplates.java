package dev.caravan.sink;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A row's columns as the route file gives them ({@link FieldLines}). A value that is exactly one placeholder keeps its type
 * (number, boolean, text); maps and lists become JSON text; any other value is a {@link TextTemplate}, absent if all its
 * placeholders are empty. Texts are unescaped, and literals are text: the database converts.
 */
final class ColumnTemplates {
    private static final FieldLines FORM = new FieldLines("column", "database-upsert-sink", "columns");

    private final Map<String, TextTemplate> columns;

    private ColumnTemplates(Map<String, TextTemplate> columns) {
        this.columns = columns;
    }

    /** @throws IllegalArgumentException if it is neither form, or a name is no identifier or stands twice */
    static ColumnTemplates of(String text, CamelContext context) {
        Map<String, ?> values = FieldLines.isMapping(text) ? FORM.mapping(text) : FORM.lines(text, any -> true);
        Map<String, TextTemplate> columns = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            Identifiers.checkColumn(name);
            String template = value == null ? "" : value.toString();
            columns.put(name, TextTemplate.of(template, Escaping.PLAIN, context));
        });
        return new ColumnTemplates(columns);
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    /** The values that there are, by column, in the file's order. */
    Map<String, Object> row(Exchange exchange) {
        Map<String, Object> row = new LinkedHashMap<>();
        columns.forEach((name, template) -> {
            Object value = value(template, exchange);
            if (value != null) {
                row.put(name, value);
            }
        });
        return row;
    }

    private static @Nullable Object value(TextTemplate template, Exchange exchange) {
        Placeholder single = template.single().orElse(null);
        if (single != null) {
            return bindable(single.value(exchange));
        }
        String text = template.render(exchange);
        return text.isEmpty() && template.hasPlaceholders() ? null : text;
    }

    private static @Nullable Object bindable(@Nullable Object value) {
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}

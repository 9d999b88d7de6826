package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A row's columns as the route file gives them: a mapping (which arrives as JSON text) or a text with one
 * {@code column: value} a line. A value that is exactly one placeholder keeps its type (number, boolean, text); maps and
 * lists become JSON text; any other value is a {@link TextTemplate}, absent if all its placeholders are empty.
 */
final class ColumnTemplates {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, TextTemplate> columns;

    private ColumnTemplates(Map<String, TextTemplate> columns) {
        this.columns = columns;
    }

    /** @throws IllegalArgumentException if it is neither form, or a name is no identifier or stands twice */
    static ColumnTemplates of(String text, CamelContext context) {
        Map<String, String> values = text.stripLeading().startsWith("{") ? fromJson(text) : fromLines(text);
        Map<String, TextTemplate> columns = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            Identifiers.checkColumn(name);
            columns.put(name, TextTemplate.of(value, Escaping.PLAIN, context));
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

    private static Map<String, String> fromJson(String text) {
        try {
            Map<String, Object> mapping = JSON.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
            Map<String, String> values = new LinkedHashMap<>();
            mapping.forEach((name, value) -> values.put(name, value == null ? "" : value.toString()));
            return values;
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException(
                    "The parameter columns of database-upsert-sink begins with { but is not a JSON object");
        }
    }

    private static Map<String, String> fromLines(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> lines = text.lines().map(String::strip).toList();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("Line " + (at + 1)
                        + " of the parameter columns of database-upsert-sink is not \"column: value\"");
            }
            String name = line.substring(0, colon).strip();
            if (values.put(name, line.substring(colon + 1).strip()) != null) {
                throw new IllegalArgumentException("The column " + name + " stands twice in the parameter columns");
            }
        }
        return values;
    }
}

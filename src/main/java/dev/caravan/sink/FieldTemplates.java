package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a parameter names: one {@code Name: value} a line, or a mapping, which arrives as JSON text.
 *
 * <ul>
 *   <li>A value that is one <code>${…}</code> keeps its type: number, boolean or text.
 *   <li>In a line, {@code true}, {@code false} and numbers as JSON writes them are typed, and what stands in double quotes
 *       is text: {@code "42"}, <code>"${body[count]}"</code>, and {@code ""} to empty a field. In a mapping the types are
 *       JSON's.
 *   <li>Any other value is a text with placeholders. Texts are without control characters ({@link Escaping#TEXT}).
 *   <li>A field without a value is left out: its placeholders are absent or empty, or a number is not finite.
 * </ul>
 *
 * A line's first colon ends the name, which holds letters, digits, spaces and {@code _ $ . ( ) / & % + # ' -}; a mapping's
 * names are free. Built once per route; safe for use by several threads.
 */
public final class FieldTemplates {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_$][\\p{L}\\p{M}\\p{N} _$.()/&%+#'-]*");
    private static final Pattern TYPED =
            Pattern.compile("true|false|-?(?:0|[1-9]\\d{0,17})(?:\\.\\d{1,17})?(?:[eE][+-]?\\d{1,2})?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Field> fields;

    private FieldTemplates(Map<String, Field> fields) {
        this.fields = fields;
    }

    private sealed interface Field {
        @Nullable Object value(Exchange exchange);
    }

    /** What the author wrote. */
    private record Fixed(Object value) implements Field {
        @Override
        public Object value(Exchange exchange) {
            return value;
        }
    }

    private record Typed(TextTemplate template) implements Field {
        @Override
        public @Nullable Object value(Exchange exchange) {
            return template.value(exchange);
        }
    }

    private record Quoted(TextTemplate template) implements Field {
        @Override
        public @Nullable Object value(Exchange exchange) {
            String text = template.render(exchange);
            return text.isEmpty() && template.hasPlaceholders() ? null : text;
        }
    }

    /**
     * Reads a parameter.
     *
     * @param text the parameter's value, its {@link ParameterCode} already undone; null or blank: no fields
     * @throws IllegalArgumentException if it is neither form or a name is none or stands twice: names the Kamelet, the
     *     parameter and the line
     */
    public static FieldTemplates of(@Nullable String text, String kamelet, String parameter, CamelContext camel) {
        FieldLines form = new FieldLines("name", kamelet, parameter);
        Map<String, Field> fields = new LinkedHashMap<>();
        if (text != null && FieldLines.isMapping(text)) {
            form.mapping(text).forEach((name, value) -> {
                if (value != null) {
                    fields.put(name, ofJson(name, value, form, camel));
                }
            });
        } else if (text != null) {
            form.lines(text, NAME.asMatchPredicate()).forEach((name, value) -> fields.put(name, ofLine(value, camel)));
        }
        return new FieldTemplates(fields);
    }

    private static Field ofJson(String name, Object value, FieldLines form, CamelContext camel) {
        if (value instanceof Map || value instanceof List) {
            throw new IllegalArgumentException(
                    "The value of " + name + " in " + form + " is a list or a mapping: write it as one text");
        }
        boolean template = value instanceof String text && !text.isEmpty();
        return template ? new Typed(template(value.toString(), camel)) : new Fixed(value);
    }

    private static Field ofLine(String value, CamelContext camel) {
        if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
            return new Quoted(template(value.substring(1, value.length() - 1), camel));
        }
        if (!TYPED.matcher(value).matches()) {
            return new Typed(template(value, camel));
        }
        try {
            return new Fixed(JSON.readValue(value, Object.class));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("The literal " + value + " is not JSON", impossible);
        }
    }

    private static TextTemplate template(String value, CamelContext camel) {
        return TextTemplate.of(value, Escaping.TEXT, camel);
    }

    /** The names, in the file's order. */
    public Set<String> names() {
        return fields.keySet();
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The values that there are, by name, in the file's order: String, Number or Boolean; lists and maps as JSON text. */
    public Map<String, Object> row(Exchange exchange) {
        return values(exchange, false);
    }

    /** As {@link #row}, but a list of scalars stays one: a {@link List} of String, Number and Boolean without the absent. */
    public Map<String, Object> rowWithLists(Exchange exchange) {
        return values(exchange, true);
    }

    private Map<String, Object> values(Exchange exchange, boolean withLists) {
        Map<String, Object> row = new LinkedHashMap<>();
        fields.forEach((name, field) -> {
            Object value = field.value(exchange);
            List<Object> list = withLists ? scalars(value, exchange) : null;
            Object kept = list == null ? scalar(value, exchange) : list;
            if (kept != null && !(field instanceof Typed && isEmpty(kept))) {
                row.put(name, kept);
            }
        });
        return row;
    }

    private static boolean isEmpty(Object value) {
        return value.equals("") || (value instanceof List<?> list && list.isEmpty());
    }

    private static @Nullable List<Object> scalars(@Nullable Object value, Exchange exchange) {
        Object list = value instanceof Object[] array ? Arrays.asList(array) : value;
        if (!(list instanceof Iterable<?> elements)) {
            return null;
        }
        List<Object> scalars = new ArrayList<>();
        for (Object element : elements) {
            if (Placeholder.isStructure(element)) {
                return null;
            }
            Object scalar = scalar(element, exchange);
            if (scalar != null && !scalar.equals("")) {
                scalars.add(scalar);
            }
        }
        return scalars;
    }

    private static @Nullable Object scalar(@Nullable Object value, Exchange exchange) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return Double.isFinite(number.doubleValue()) ? number : null;
        }
        String text = Placeholder.isStructure(value) ? Placeholder.json(value) : Placeholder.asText(value, exchange);
        return Escaping.TEXT.escape(text);
    }
}

package dev.caravan.sink;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A value of a payload as a person reads it: text and numbers as they are, a line for each item of a list, and for each
 * field of an object its name without underscores, a colon and its value. Below the first level items stand in one line,
 * separated by commas.
 */
final class ReadableText {
    private ReadableText() {}

    static String of(Object value) {
        return text(value, "\n");
    }

    private static String text(Object value, String separator) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .filter(field -> field.getValue() != null)
                    .map(field -> named(String.valueOf(field.getKey())) + ": " + text(field.getValue(), ", "))
                    .collect(Collectors.joining(separator));
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .filter(Objects::nonNull)
                    .map(item -> text(item, ", "))
                    .collect(Collectors.joining(separator));
        }
        boolean fraction = value instanceof Double || value instanceof BigDecimal;
        return fraction ? new BigDecimal(value.toString()).toPlainString() : value.toString();
    }

    private static String named(String field) {
        return field.replace('_', ' ').strip();
    }
}

package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a document of maps and lists: JSON Pointers (RFC 6901) separated by commas, the first that is
 * present wins; {@code /} is the document itself. A name that holds a comma cannot be written. Null, blank text, an empty
 * map and an empty list are not present. Immutable.
 */
public final class JsonPointers {
    private static final JsonPointer WHOLE = JsonPointer.empty();

    private final List<JsonPointer> pointers;

    private JsonPointers(List<JsonPointer> pointers) {
        this.pointers = List.copyOf(pointers);
    }

    /**
     * Reads a parameter.
     *
     * @throws IllegalArgumentException if one of them is no JSON Pointer, or there is none; names the Kamelet and the
     *     parameter
     */
    public static JsonPointers of(String text, String kamelet, String parameter) {
        List<JsonPointer> pointers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String pointer = part.strip();
            if (!pointer.startsWith("/")) {
                throw new IllegalArgumentException("The parameter " + parameter + " of " + kamelet + " has \"" + pointer
                        + "\", which is no JSON Pointer: write it as /data/score");
            }
            pointers.add(pointer.equals("/") ? WHOLE : JsonPointer.compile(pointer));
        }
        return new JsonPointers(pointers);
    }

    /** The first value that is present, with the type it has in the document. */
    public Optional<Object> find(@Nullable Object document) {
        for (JsonPointer pointer : pointers) {
            Object value = at(document, pointer);
            if (value != null && isPresent(value)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static @Nullable Object at(@Nullable Object document, JsonPointer pointer) {
        Object value = document;
        for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
            if (value instanceof Map<?, ?> map) {
                value = map.get(rest.getMatchingProperty());
            } else if (value instanceof List<?> list
                    && rest.getMatchingIndex() >= 0
                    && rest.getMatchingIndex() < list.size()) {
                value = list.get(rest.getMatchingIndex());
            } else {
                return null;
            }
        }
        return value;
    }

    private static boolean isPresent(Object value) {
        if (value instanceof String text) {
            return !text.isBlank();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return !(value instanceof List<?> list) || !list.isEmpty();
    }
}

package dev.caravan.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes an event the same event. Written as parts joined by {@code +}; a part is a place as {@link Field} has it,
 * {@code (/a, /b)} for the first present of several, and may end in {@code ?} if events without it have a key all the
 * same. Several such keys are separated by commas; the first one whose parts are all present counts, and without one it
 * is the SHA-256 of the event's bytes. Each part is written with its length, so that no two lists of parts look alike.
 */
final class IdempotencyKey {
    private static final int LENGTH_LIMIT = 512;

    private record Part(Field field, boolean optional) {}

    private final List<List<Part>> keys;

    private IdempotencyKey(List<List<Part>> keys) {
        this.keys = keys;
    }

    /**
     * Reads a key; an empty text means the SHA-256 of the event's bytes.
     *
     * @throws IllegalArgumentException if a part is not a place; the message says which
     */
    static IdempotencyKey parse(String text) {
        List<List<Part>> keys = new ArrayList<>();
        for (String key : split(text, ',')) {
            List<Part> parts = new ArrayList<>();
            for (String part : split(key, '+')) {
                parts.add(part(part));
            }
            keys.add(List.copyOf(parts));
        }
        return new IdempotencyKey(List.copyOf(keys));
    }

    private static Part part(String text) {
        boolean optional = text.endsWith("?");
        String place = optional ? text.substring(0, text.length() - 1).strip() : text;
        if (place.startsWith("(") && place.endsWith(")")) {
            place = place.substring(1, place.length() - 1);
        }
        if (place.isBlank()) {
            throw new IllegalArgumentException(text);
        }
        return new Part(Field.parse(place), optional);
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == separator && depth == 0) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        String last = text.substring(start).strip();
        if (!last.isEmpty() || !parts.isEmpty()) {
            parts.add(last);
        }
        return parts;
    }

    /**
     * The key of an event.
     *
     * @param index the place of the event in a request that holds several, -1 where it holds one
     */
    String of(JsonNode event, Headers headers, byte[] body, int index) {
        for (List<Part> parts : keys) {
            String joined = joined(parts, event, headers);
            if (joined != null) {
                // A header is the same for every event of its request.
                boolean shared = index >= 0
                        && parts.stream().allMatch(part -> part.field().onlyHeaders());
                return bounded(shared ? joined + "#" + index : joined);
            }
        }
        return digest(body);
    }

    /** Where the parts of the key that is tried first stand in the body, each in the place that counts first. */
    List<JsonPointer> pointers() {
        return keys.isEmpty()
                ? List.of()
                : keys.get(0).stream()
                        .flatMap(part -> part.field().pointers().stream().limit(1))
                        .toList();
    }

    void addHeadersTo(Set<String> names) {
        keys.forEach(parts -> parts.forEach(part -> part.field().addHeadersTo(names)));
    }

    private static @Nullable String joined(List<Part> parts, JsonNode event, Headers headers) {
        StringBuilder joined = new StringBuilder();
        for (Part part : parts) {
            String found = part.field().find(event, headers);
            if (found == null && !part.optional()) {
                return null;
            }
            String value = found == null ? "" : found;
            joined.append(value.length()).append(':').append(value);
        }
        return joined.toString();
    }

    private static String bounded(String key) {
        return key.length() <= LENGTH_LIMIT ? key : digest(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        return "sha256:" + Digests.sha256(bytes);
    }
}

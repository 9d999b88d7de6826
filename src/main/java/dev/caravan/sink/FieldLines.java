package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The two forms in which a route file names several values in one parameter: one {@code name: value} a line, or a mapping,
 * which arrives as JSON text. Blank lines and those that begin with {@code #} are left out. A line's first colon ends the
 * name.
 *
 * @param noun what the messages call a name, for example {@code column}
 */
record FieldLines(String noun, String kamelet, String parameter) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static boolean isMapping(String text) {
        return text.stripLeading().startsWith("{");
    }

    /**
     * The values by name, as they stand.
     *
     * @param names what a name may be
     * @throws IllegalArgumentException if a line is not {@code name: value}, its name is none, or stands twice
     */
    Map<String, String> lines(String text, Predicate<String> names) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> lines = text.lines().map(String::strip).toList();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException(
                        "Line " + (at + 1) + " of " + this + " is not \"" + noun + ": value\"");
            }
            String name = line.substring(0, colon).strip();
            if (!names.test(name)) {
                throw new IllegalArgumentException("\"" + name + "\" in line " + (at + 1) + " of " + this + " is not a "
                        + noun + ": use letters, digits and spaces, or write the parameter as a mapping");
            }
            if (values.put(name, line.substring(colon + 1).strip()) != null) {
                throw new IllegalArgumentException("The " + noun + " " + name + " stands twice in " + this
                        + ", in line " + (at + 1) + " again: remove one");
            }
        }
        return values;
    }

    /**
     * The values by name, with their JSON types.
     *
     * @throws IllegalArgumentException if it is no JSON object, or a name stands twice
     */
    Map<String, Object> mapping(String text) {
        try {
            return JSON.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("T" + toString().substring(1)
                    + " begins with { but is not a JSON object in which each name stands once");
        }
    }

    /** The words for the messages. */
    @Override
    public String toString() {
        return "the parameter " + parameter + " of " + kamelet;
    }
}

package dev.caravan.sink.analytics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.TextLimit;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a user did, and when.
 *
 * @param user its id at the vendor
 * @param event the name of what was done
 * @param at the same in every attempt, since vendors drop repeats by it
 * @param properties of the event: texts, numbers, booleans and lists of them
 * @param userProperties of the user, likewise
 */
record Happening(
        String user, String event, Instant at, Map<String, Object> properties, Map<String, Object> userProperties) {

    /**
     * Writes properties.
     *
     * @param longest characters that a text may have; it is cut there
     */
    static void write(Map<String, Object> values, ObjectNode target, int longest) {
        values.forEach((name, value) -> {
            if (value instanceof List<?> list) {
                ArrayNode array = target.putArray(name);
                list.forEach(element -> array.addPOJO(limited(element, longest)));
            } else {
                target.putPOJO(name, limited(value, longest));
            }
        });
    }

    private static Object limited(Object value, int longest) {
        return value instanceof String text ? TextLimit.cut(text, longest) : value;
    }
}

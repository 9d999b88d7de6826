package dev.caravan.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.List;

/**
 * A field to set, written {@code data.participant.name=Ann}. The path's names are separated by dots; objects on the way
 * that do not exist are made; an element of an existing list is its number, from 0,
 * also where the whole event is a list. A value that is JSON (2, true, null,
 * {@code "text"}, a list, an object) is that, anything else is text.
 */
record FieldOverride(List<String> path, JsonNode value) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    FieldOverride {
        path = List.copyOf(path);
    }

    static FieldOverride parse(String text) {
        int equals = text.indexOf('=');
        List<String> path = equals < 1
                ? List.of("")
                : Arrays.asList(text.substring(0, equals).split("\\.", -1));
        if (path.contains("")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" sets no field: write path=value, for example data.quality_score=2.");
        }
        return new FieldOverride(path, value(text.substring(equals + 1)));
    }

    private static JsonNode value(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            return value.isMissingNode() ? TextNode.valueOf(text) : value;
        } catch (JsonProcessingException notJson) {
            return TextNode.valueOf(text);
        }
    }

    /** @param root an object or a list */
    void applyTo(JsonNode root) {
        JsonNode at = root;
        for (String name : path.subList(0, path.size() - 1)) {
            JsonNode next = at instanceof ArrayNode list ? list.get(index(list, name)) : at.get(name);
            if (at instanceof ObjectNode object && (next == null || next.isNull())) {
                next = object.putObject(name);
            } else if (next == null || !next.isContainerNode()) {
                throw new IllegalArgumentException("\"" + name + "\" in " + String.join(".", path)
                        + " is neither an object nor a list: nothing can be set in it.");
            }
            at = next;
        }
        String last = path.get(path.size() - 1);
        if (at instanceof ArrayNode list) {
            list.set(index(list, last), value);
        } else {
            ((ObjectNode) at).set(last, value);
        }
    }

    private int index(ArrayNode list, String name) {
        try {
            int index = Integer.parseInt(name);
            if (index >= 0 && index < list.size()) {
                return index;
            }
        } catch (NumberFormatException notNumber) {
            // Told below, as any other number that the list does not have.
        }
        throw new IllegalArgumentException("\"" + name + "\" in " + String.join(".", path)
                + " is no element of a list of " + list.size() + ": give a number from 0.");
    }
}

package dev.caravan.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.settings.Lists;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a fact about an event stands: JSON Pointers and {@code header:NAME}, separated by commas; the first that is
 * present wins. Text that is not blank, numbers and booleans are present; objects, arrays and null are not.
 */
final class Field {
    private static final String HEADER = "header:";

    private record Place(@Nullable JsonPointer pointer, String header) {}

    private final List<Place> places;

    private Field(List<Place> places) {
        this.places = places;
    }

    /**
     * Reads a field's places.
     *
     * @throws IllegalArgumentException if one is neither a JSON Pointer nor a header; the message says which
     */
    static Field parse(String text) {
        List<Place> places = new ArrayList<>();
        for (String place : Lists.split(text)) {
            if (place.startsWith(HEADER) && place.length() > HEADER.length()) {
                places.add(new Place(null, place.substring(HEADER.length()).strip()));
            } else if (place.startsWith("/")) {
                places.add(new Place(JsonPointer.compile(place), ""));
            } else {
                throw new IllegalArgumentException(place);
            }
        }
        return new Field(List.copyOf(places));
    }

    @Nullable String find(JsonNode json, Headers headers) {
        for (Place place : places) {
            String found = place.pointer() == null ? headers.single(place.header()) : value(json.at(place.pointer()));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The places in the body. */
    List<JsonPointer> pointers() {
        List<JsonPointer> pointers = new ArrayList<>();
        for (Place place : places) {
            if (place.pointer() != null) {
                pointers.add(place.pointer());
            }
        }
        return pointers;
    }

    void addHeadersTo(Set<String> names) {
        for (Place place : places) {
            if (place.pointer() == null) {
                names.add(place.header());
            }
        }
    }

    boolean onlyHeaders() {
        return places.stream().allMatch(place -> place.pointer() == null);
    }

    private static @Nullable String value(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue().isBlank() ? null : node.textValue();
        }
        return node.isNumber() || node.isBoolean() ? node.asText() : null;
    }
}

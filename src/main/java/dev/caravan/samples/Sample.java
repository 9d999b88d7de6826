package dev.caravan.samples;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * An event as a vendor would send it.
 *
 * @param preset the vendor's preset
 * @param event its type
 * @param shape {@code older} or {@code newer} where the vendor documents two, else empty
 * @param body JSON, an object
 * @param ids the fields that make it an event of its own: with other values there it is another event
 */
public record Sample(String preset, String event, String shape, byte[] body, List<JsonPointer> ids) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Sample {
        ids = List.copyOf(ids);
    }

    /**
     * The sample with fields set, for example {@code data.quality_score=2}. See {@link FieldOverride} for how paths and
     * values are written.
     *
     * @throws IllegalArgumentException if one cannot be applied; the message says which and why
     */
    public Sample with(List<String> overrides) {
        return overrides.isEmpty()
                ? this
                : changed(root ->
                        overrides.forEach(text -> FieldOverride.parse(text).applyTo(root)));
    }

    /** {@link #distinct} by a number. */
    public Sample numbered(int number) {
        return distinct(Integer.toString(number));
    }

    /**
     * The same sample as another event: its ids end in {@code -suffix}. The same suffix gives the same event, and events
     * that share an id share the new id as well.
     */
    public Sample distinct(String suffix) {
        return changed(root -> ids.forEach(pointer -> {
            if (root.at(pointer.head()) instanceof ObjectNode parent && parent.hasNonNull(name(pointer))) {
                String id = parent.get(name(pointer)).asText();
                parent.put(name(pointer), id + "-" + suffix);
            }
        }));
    }

    private static String name(JsonPointer pointer) {
        return pointer.last().getMatchingProperty();
    }

    private Sample changed(Consumer<ObjectNode> change) {
        try {
            JsonNode root = JSON.readTree(body);
            if (!(root instanceof ObjectNode object)) {
                throw new IllegalArgumentException("The event is not a JSON object: only those can be changed.");
            }
            change.accept(object);
            return new Sample(
                    preset, event, shape, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(object), ids);
        } catch (IOException notJson) {
            throw new UncheckedIOException("The event is not JSON: only JSON can be changed.", notJson);
        }
    }
}

package dev.caravan.samples;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * An event as a vendor would send it.
 *
 * @param preset the vendor's preset
 * @param event its type
 * @param shape tells two samples of one type apart, for example {@code older} and {@code newer}; else empty
 * @param body JSON, an object or a list
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
     * that share an id share the new id as well. A number becomes another number.
     */
    public Sample distinct(String suffix) {
        return changed(root -> ids.forEach(pointer -> {
            if (root.at(pointer.head()) instanceof ObjectNode parent && parent.hasNonNull(name(pointer))) {
                JsonNode id = parent.get(name(pointer));
                String other = id.asText() + "-" + suffix;
                parent.set(name(pointer), id.isNumber() ? LongNode.valueOf(number(other)) : TextNode.valueOf(other));
            }
        }));
    }

    /** Of 48 bits, so that it is exact in every JSON reader, and that two are the same is as good as excluded. */
    private static long number(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits() >>> 16;
    }

    private static String name(JsonPointer pointer) {
        return pointer.last().getMatchingProperty();
    }

    private Sample changed(Consumer<JsonNode> change) {
        try {
            JsonNode root = JSON.readTree(body);
            if (!root.isContainerNode()) {
                throw new IllegalArgumentException(
                        "The event is neither a JSON object nor a list: only those can be changed.");
            }
            change.accept(root);
            return new Sample(
                    preset, event, shape, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root), ids);
        } catch (IOException notJson) {
            throw new UncheckedIOException("The event is not JSON: only JSON can be changed.", notJson);
        }
    }
}

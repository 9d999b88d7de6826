package dev.caravan.routes;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.caravan.samples.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** JSON whose texts end in a hostile value. */
final class HostileSamples {
    /** Says which text becomes what. */
    @FunctionalInterface
    interface Change {
        /**
         * What a text becomes.
         *
         * @param name of the field, or of the field that holds the list in which the text is
         */
        String of(String name, String text);
    }

    /** Where the vendors' presets have the event's type: with another value there it is no event of the sample's type. */
    private static final Set<String> EVENT_TYPE = Set.of("event", "type", "subscriptionType");

    /** Half characters cannot be written as UTF-8: they come as escapes, as a vendor would send them. */
    private static final ObjectWriter WRITER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();

    private HostileSamples() {}

    /** The sample's body, every text but the event's type changed. */
    static byte[] body(Sample sample, Change change) {
        JsonNode event = ShippedRoutes.json(new String(sample.body(), StandardCharsets.UTF_8));
        return written(event instanceof ArrayNode batch ? changed(batch, change) : changed(event, change));
    }

    private static JsonNode changed(ArrayNode batch, Change change) {
        ArrayNode changed = JsonNodeFactory.instance.arrayNode();
        batch.forEach(event -> changed.add(changed(event, change)));
        return changed;
    }

    private static JsonNode changed(JsonNode event, Change change) {
        ObjectNode changed = (ObjectNode) changed("", event, change);
        EVENT_TYPE.stream().filter(event::has).forEach(name -> changed.set(name, event.get(name)));
        return changed;
    }

    /** JSON, every text changed. */
    static String json(String json, Change change) {
        return new String(written(changed("", ShippedRoutes.json(json), change)), StandardCharsets.US_ASCII);
    }

    private static JsonNode changed(String name, JsonNode node, Change change) {
        if (node instanceof ObjectNode object) {
            ObjectNode changed = JsonNodeFactory.instance.objectNode();
            object.properties()
                    .forEach(field -> changed.set(field.getKey(), changed(field.getKey(), field.getValue(), change)));
            return changed;
        }
        if (node instanceof ArrayNode list) {
            ArrayNode changed = JsonNodeFactory.instance.arrayNode();
            list.forEach(item -> changed.add(changed(name, item, change)));
            return changed;
        }
        return node.isTextual() ? TextNode.valueOf(change.of(name, node.asText())) : node;
    }

    private static byte[] written(JsonNode node) {
        try {
            return WRITER.writeValueAsBytes(node);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}

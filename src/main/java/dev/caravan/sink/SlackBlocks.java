package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Block Kit blocks as an author's JSON whose strings are templates. It is parsed before any value is put in, so a value
 * can never add a block or a property.
 *
 * <p>A string that has placeholders and comes out empty is left out together with what cannot be without it: its text
 * object, field, button, image; a block of which nothing is left goes too. A {@code url} that is not http or https counts
 * as empty.
 */
final class SlackBlocks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> URLS = Set.of("url", "image_url");
    private static final Set<String> NOT_SHOWN = Set.of("type", "block_id", "action_id", "value", "style");
    private static final int LONGEST_URL = 3_000;

    private final ArrayPart blocks;

    private SlackBlocks(ArrayPart blocks) {
        this.blocks = blocks;
    }

    /** @throws IllegalArgumentException if the text is neither a JSON array of blocks nor an object with one as "blocks" */
    static SlackBlocks of(String json, CamelContext context) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("The parameter blocks of slack-message-sink is not JSON (line "
                    + notJson.getLocation().getLineNr() + "): placeholders stand inside its strings");
        }
        JsonNode array = root.isObject() ? root.path("blocks") : root;
        if (!array.isArray()) {
            throw new IllegalArgumentException("The parameter blocks of slack-message-sink is not a JSON array");
        }
        return new SlackBlocks(ArrayPart.of(array, false, context));
    }

    /** The blocks for this exchange, not yet cut to Slack's limits; may be empty. */
    ArrayNode render(Exchange exchange) {
        JsonNode rendered = blocks.render(exchange);
        return rendered instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode();
    }

    /** A node of the author's JSON. */
    private sealed interface Part permits Fixed, Text, ArrayPart, ObjectPart {
        /** Null if it is left out. */
        @Nullable JsonNode render(Exchange exchange);

        static Part of(String name, JsonNode node, boolean literal, CamelContext context) {
            if (node.isObject()) {
                return ObjectPart.of(node, literal, context);
            }
            if (node.isArray()) {
                return ArrayPart.of(node, literal, context);
            }
            return node.isTextual() ? Text.of(name, node.asText(), literal, context) : new Fixed(node);
        }
    }

    private record Fixed(JsonNode node) implements Part {
        @Override
        public JsonNode render(Exchange exchange) {
            return node;
        }
    }

    private record Text(TextTemplate template, Escaping escaping) implements Part {
        static Part of(String name, String text, boolean literal, CamelContext context) {
            Escaping shown = literal || NOT_SHOWN.contains(name) ? Escaping.PLAIN : Escaping.SLACK_MRKDWN;
            Escaping escaping = URLS.contains(name) ? Escaping.URL : shown;
            TextTemplate template = TextTemplate.of(text, escaping, context);
            return template.hasPlaceholders()
                    ? new Text(template, escaping)
                    : new Fixed(TextNode.valueOf(tidy(template.fixed(), escaping)));
        }

        @Override
        public @Nullable JsonNode render(Exchange exchange) {
            String text = tidy(template.render(exchange), escaping);
            boolean dead = escaping == Escaping.URL && (!UrlText.isWeb(text) || text.length() > LONGEST_URL);
            return text.isBlank() || dead ? null : TextNode.valueOf(text);
        }

        private static String tidy(String text, Escaping escaping) {
            return escaping == Escaping.SLACK_MRKDWN ? SlackText.tidy(text) : text;
        }
    }

    private record ArrayPart(List<Part> items) implements Part {
        static ArrayPart of(JsonNode array, boolean literal, CamelContext context) {
            List<Part> items = new ArrayList<>();
            array.forEach(item -> items.add(Part.of("", item, literal, context)));
            return new ArrayPart(List.copyOf(items));
        }

        @Override
        public @Nullable JsonNode render(Exchange exchange) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Part item : items) {
                JsonNode rendered = item.render(exchange);
                if (rendered != null) {
                    array.add(rendered);
                }
            }
            return array.isEmpty() && !items.isEmpty() ? null : array;
        }
    }

    private record ObjectPart(String type, Map<String, Part> members) implements Part {
        /** What a section can do without, as long as one of its text and fields is left. */
        private static final Set<String> OPTIONAL_IN_SECTION = Set.of("text", "fields", "accessory");

        static ObjectPart of(JsonNode object, boolean literal, CamelContext context) {
            String type = object.path("type").asText();
            boolean inside = literal || type.equals("rich_text");
            Map<String, Part> members = new LinkedHashMap<>();
            object.properties()
                    .forEach(member ->
                            members.put(member.getKey(), Part.of(member.getKey(), member.getValue(), inside, context)));
            return new ObjectPart(type, members);
        }

        @Override
        public @Nullable JsonNode render(Exchange exchange) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            boolean section = type.equals("section");
            for (Map.Entry<String, Part> member : members.entrySet()) {
                JsonNode rendered = member.getValue().render(exchange);
                if (rendered != null) {
                    object.set(member.getKey(), rendered);
                } else if (!section || !OPTIONAL_IN_SECTION.contains(member.getKey())) {
                    return null;
                }
            }
            return section && !object.has("text") && !object.has("fields") ? null : object;
        }
    }
}

package dev.caravan.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.List;

/**
 * Blocks as a document in the Atlassian Document Format, version 1, built as nodes:
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/. No text node is empty; the mark
 * {@code code} stands with no other but {@code link}, as the format demands.
 */
public final class AdfText {
    private AdfText() {}

    public static JsonNode of(List<Block> blocks) {
        ObjectNode document =
                JsonNodeFactory.instance.objectNode().put("version", 1).put("type", "doc");
        ArrayNode content = document.putArray("content");
        blocks.forEach(block -> add(block, content));
        return document;
    }

    private static void add(Block block, ArrayNode content) {
        if (block instanceof Heading heading) {
            ObjectNode node = node("heading", content);
            node.putObject("attrs").put("level", heading.level());
            inlines(heading.inlines(), node);
        } else if (block instanceof Paragraph paragraph) {
            inlines(paragraph.inlines(), node("paragraph", content));
        } else if (block instanceof Bullets bullets) {
            items(bullets.items(), node("bulletList", content));
        } else if (block instanceof Numbered numbered) {
            items(numbered.items(), node("orderedList", content));
        }
    }

    private static ObjectNode node(String type, ArrayNode content) {
        return content.addObject().put("type", type);
    }

    private static void items(List<List<Inline>> items, ObjectNode list) {
        ArrayNode content = list.putArray("content");
        for (List<Inline> item : items) {
            inlines(item, node("paragraph", node("listItem", content).putArray("content")));
        }
    }

    private static void inlines(List<Inline> inlines, ObjectNode block) {
        ArrayNode content = block.putArray("content");
        for (Inline inline : inlines) {
            if (inline instanceof Text text) {
                marks(text, node("text", content).put("text", text.text()));
            } else {
                node("hardBreak", content);
            }
        }
    }

    private static void marks(Text text, ObjectNode node) {
        ArrayNode marks = JsonNodeFactory.instance.arrayNode();
        String href = text.href();
        if (href != null) {
            marks.addObject().put("type", "link").putObject("attrs").put("href", href);
        }
        if (text.code()) {
            marks.addObject().put("type", "code");
        } else {
            if (text.bold()) {
                marks.addObject().put("type", "strong");
            }
            if (text.italic()) {
                marks.addObject().put("type", "em");
            }
        }
        if (!marks.isEmpty()) {
            node.set("marks", marks);
        }
    }
}

package dev.caravan.sink.notion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Text;
import dev.caravan.sink.TextLimit;
import java.util.ArrayList;
import java.util.List;

/**
 * Notion's rich text: items of at most 2,000 characters, 100 in an array, links of at most 2,000
 * (developers.notion.com/reference/request-limits). No markup is read in an item.
 */
final class NotionText {
    /** In one item, counted in UTF-16 units. */
    static final int ITEM = 2_000;
    /** Items in one array. */
    static final int ITEMS = 100;

    private static final int LINK = 2_000;
    private static final Text LINE_BREAK = new Text("\n", false, false, false, null);

    private NotionText() {}

    /** A text without appearance, cut to what one array holds. */
    static ArrayNode plain(String text) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        TextLimit.pieces(TextLimit.cut(text, ITEM * ITEMS), ITEM)
                .forEach(piece -> items.addObject().putObject("text").put("content", piece));
        return items;
    }

    /** What stands in a block, as many arrays as it needs. */
    static List<ArrayNode> of(List<Inline> inlines) {
        List<ArrayNode> arrays = new ArrayList<>();
        arrays.add(JsonNodeFactory.instance.arrayNode());
        for (Inline inline : inlines) {
            Text text = inline instanceof Text words ? words : LINE_BREAK;
            if (!(inline instanceof Break && joined(arrays))) {
                TextLimit.pieces(text.text(), ITEM)
                        .forEach(piece -> open(arrays).add(item(text.with(piece))));
            }
        }
        return arrays;
    }

    private static ArrayNode open(List<ArrayNode> arrays) {
        ArrayNode last = arrays.get(arrays.size() - 1);
        if (last.size() < ITEMS) {
            return last;
        }
        ArrayNode next = JsonNodeFactory.instance.arrayNode();
        arrays.add(next);
        return next;
    }

    /** Lets a line break stand at the end of the item before it, if there is room. */
    private static boolean joined(List<ArrayNode> arrays) {
        ArrayNode last = arrays.get(arrays.size() - 1);
        if (last.isEmpty()) {
            return false;
        }
        ObjectNode text = (ObjectNode) last.get(last.size() - 1).path("text");
        String content = text.path("content").asText();
        if (content.length() >= ITEM) {
            return false;
        }
        text.put("content", content + "\n");
        return true;
    }

    private static ObjectNode item(Text text) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        ObjectNode content = item.putObject("text").put("content", text.text());
        String href = text.href();
        if (href != null && href.length() <= LINK) {
            content.putObject("link").put("url", href);
        }
        if (text.bold() || text.italic() || text.code()) {
            ObjectNode annotations = item.putObject("annotations");
            mark(annotations, "bold", text.bold());
            mark(annotations, "italic", text.italic());
            mark(annotations, "code", text.code());
        }
        return item;
    }

    private static void mark(ObjectNode annotations, String name, boolean on) {
        if (on) {
            annotations.put(name, true);
        }
    }
}

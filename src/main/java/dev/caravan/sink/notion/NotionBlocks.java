package dev.caravan.sink.notion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.PlainText;
import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.TextLimit;
import java.util.ArrayList;
import java.util.List;

/**
 * A formatted text as Notion's blocks, within what one request takes: 100 blocks and 500 KB. What is beyond the 99th block
 * stands in the 100th, as a paragraph without appearance. It is not appended by a request of its own: if that failed, the
 * page would stand without it, or be made a second time.
 */
final class NotionBlocks {
    private static final int BLOCKS = 100;
    /** In UTF-16 units: at 3 bytes each, and what JSON adds, it stays below 500 KB. */
    static final int LONGEST = 120_000;

    private NotionBlocks() {}

    /** @param longest UTF-16 units of text at most */
    static ArrayNode of(List<Block> text, int longest) {
        List<Block> blocks = single(TextLimit.cut(text, longest));
        List<ObjectNode> nodes = new ArrayList<>();
        int taken = 0;
        while (taken < blocks.size()) {
            List<ObjectNode> more = nodes(blocks.get(taken));
            boolean last = taken == blocks.size() - 1;
            if (nodes.size() + more.size() > (last ? BLOCKS : BLOCKS - 1)) {
                break;
            }
            nodes.addAll(more);
            taken++;
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        array.addAll(nodes);
        if (taken < blocks.size()) {
            String rest = PlainText.of(blocks.subList(taken, blocks.size()));
            array.add(node("paragraph", NotionText.plain(rest)));
        }
        return array;
    }

    /** Each item of a list a list of its own, as Notion has it. */
    private static List<Block> single(List<Block> blocks) {
        List<Block> single = new ArrayList<>();
        for (Block block : blocks) {
            if (block instanceof Bullets bullets) {
                bullets.items().forEach(item -> single.add(new Bullets(List.of(item))));
            } else if (block instanceof Numbered numbered) {
                numbered.items().forEach(item -> single.add(new Numbered(List.of(item))));
            } else {
                single.add(block);
            }
        }
        return single;
    }

    private static List<ObjectNode> nodes(Block block) {
        if (block instanceof Heading heading) {
            return nodes("heading_" + Math.min(3, heading.level()), heading.inlines());
        }
        if (block instanceof Bullets bullets) {
            return nodes("bulleted_list_item", bullets.items().get(0));
        }
        if (block instanceof Numbered numbered) {
            return nodes("numbered_list_item", numbered.items().get(0));
        }
        return nodes("paragraph", ((Paragraph) block).inlines());
    }

    /** One block, and paragraphs for what one block does not hold. */
    private static List<ObjectNode> nodes(String type, List<Inline> inlines) {
        List<ObjectNode> nodes = new ArrayList<>();
        for (ArrayNode items : NotionText.of(inlines)) {
            nodes.add(node(nodes.isEmpty() ? type : "paragraph", items));
        }
        return nodes;
    }

    private static ObjectNode node(String type, ArrayNode items) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("object", "block").put("type", type);
        node.putObject(type).set("rich_text", items);
        return node;
    }
}

package dev.caravan.sink;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Inline;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/** Puts rendered lines together: lines to a paragraph, items to a list. For one rendering. */
final class RichBlocks {
    private final List<Block> blocks = new ArrayList<>();
    private final List<Inline> paragraph = new ArrayList<>();
    private final List<List<Inline>> items = new ArrayList<>();
    private RichLine.Kind list = RichLine.Kind.BLANK;

    void add(RichLine line, Exchange exchange) {
        if (line.kind() == RichLine.Kind.BLANK) {
            closeParagraph();
        }
        line.render(exchange).forEach(inlines -> add(line, inlines));
    }

    private void add(RichLine line, List<Inline> inlines) {
        switch (line.kind()) {
            case BULLET, NUMBERED -> addItem(line.kind(), inlines);
            case HEADING -> {
                close();
                blocks.add(new RichText.Heading(line.level(), inlines));
            }
            default -> addToParagraph(inlines);
        }
    }

    /** Items between which the author left only blank lines are one list. */
    private void addItem(RichLine.Kind kind, List<Inline> inlines) {
        closeParagraph();
        if (list != kind) {
            closeList();
            list = kind;
        }
        items.add(inlines);
    }

    private void addToParagraph(List<Inline> inlines) {
        closeList();
        if (!paragraph.isEmpty()) {
            paragraph.add(new Break());
        }
        paragraph.addAll(inlines);
    }

    private void closeParagraph() {
        if (!paragraph.isEmpty()) {
            blocks.add(new RichText.Paragraph(List.copyOf(paragraph)));
            paragraph.clear();
        }
    }

    private void closeList() {
        if (!items.isEmpty()) {
            List<List<Inline>> all = List.copyOf(items);
            blocks.add(list == RichLine.Kind.BULLET ? new RichText.Bullets(all) : new RichText.Numbered(all));
            items.clear();
        }
        list = RichLine.Kind.BLANK;
    }

    private void close() {
        closeParagraph();
        closeList();
    }

    List<Block> finished() {
        close();
        return List.copyOf(blocks);
    }
}

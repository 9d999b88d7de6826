package dev.caravan.sink;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Blocks as text without markup: a blank line between blocks, {@code - } and {@code 1. } before items, a link's URL in
 * parentheses after its label. Line breaks are line feeds; none at the end.
 */
public final class PlainText {
    private PlainText() {}

    public static String of(List<Block> blocks) {
        return blocks.stream().map(PlainText::block).collect(Collectors.joining("\n\n"));
    }

    /** What stands in one line. */
    public static String line(List<Inline> inlines) {
        StringBuilder line = new StringBuilder();
        for (Inline inline : inlines) {
            line.append(inline instanceof Text text ? text(text) : "\n");
        }
        return line.toString();
    }

    private static String block(Block block) {
        if (block instanceof Heading heading) {
            return line(heading.inlines());
        }
        if (block instanceof Paragraph paragraph) {
            return line(paragraph.inlines());
        }
        return block instanceof Numbered numbered
                ? list(numbered.items(), true)
                : list(((Bullets) block).items(), false);
    }

    private static String list(List<List<Inline>> items, boolean numbered) {
        List<String> lines = new ArrayList<>();
        for (List<Inline> item : items) {
            String marker = numbered ? (lines.size() + 1) + ". " : "- ";
            lines.add(marker + line(item).replace("\n", "\n" + " ".repeat(marker.length())));
        }
        return String.join("\n", lines);
    }

    private static String text(Text text) {
        String href = text.href();
        boolean told = href == null || text.text().contains(href) || href.equals("mailto:" + text.text());
        return told ? text.text() : text.text() + " (" + href + ")";
    }
}

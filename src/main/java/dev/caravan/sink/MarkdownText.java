package dev.caravan.sink;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Blocks as Markdown (CommonMark 0.31). Texts are escaped so that they stay text, also for the extensions of GitHub and
 * markdown-it: tables, strikethrough, task lists, mentions, automatic links, emoji names. White space at the end of a line
 * is lost, as Markdown has no way to keep it.
 */
public final class MarkdownText {
    private MarkdownText() {}

    public static String of(List<Block> blocks) {
        return blocks.stream().map(MarkdownText::block).collect(Collectors.joining("\n\n"));
    }

    private static String block(Block block) {
        if (block instanceof Heading heading) {
            return "#".repeat(heading.level()) + " " + MarkdownLine.of(heading.inlines(), " ");
        }
        if (block instanceof Paragraph paragraph) {
            return MarkdownLine.of(paragraph.inlines(), "\\\n");
        }
        return block instanceof Numbered numbered
                ? list(numbered.items(), true)
                : list(((Bullets) block).items(), false);
    }

    private static String list(List<List<Inline>> items, boolean numbered) {
        List<String> lines = new ArrayList<>();
        for (List<Inline> item : items) {
            String marker = numbered ? (lines.size() + 1) + ". " : "- ";
            lines.add(marker + MarkdownLine.of(item, "\\\n" + " ".repeat(marker.length())));
        }
        return String.join("\n", lines);
    }
}

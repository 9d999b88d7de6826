package dev.caravan.sink;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A formatted text of a route's author with Camel Simple placeholders <code>${…}</code>, for destinations that each have
 * their own markup. The author writes a small Markdown:
 *
 * <ul>
 *   <li>{@code # heading} to {@code ######}, {@code - bullet} or {@code * bullet}, {@code 1. item}, each in one line; a
 *       blank line between paragraphs. A line break within a paragraph stays.
 *   <li>{@code **bold**}, {@code _italic_}, {@code `code`}, {@code [label](url)}, each within one line. A backslash before
 *       punctuation makes it text.
 * </ul>
 *
 * Only the author's text is read as Markdown. Each placeholder's value is text: its line breaks stay line breaks, and
 * control characters are removed ({@link Escaping#TEXT}). A bullet or item that is one placeholder with a list as its value
 * becomes one for each element; of an element that is a map its {@code text}, {@code name} or {@code title} is shown. A
 * line whose placeholders are all empty is left out. A link's target may hold placeholders ({@link Escaping#URL}); one that
 * is no http, https or mailto URL leaves its label as text.
 *
 * <p>Built once per route; safe for use by several threads.
 */
public final class RichText {
    private final List<RichLine> lines;

    private RichText(List<RichLine> lines) {
        this.lines = lines;
    }

    /** A part of a text that begins on a line of its own. It has at least one inline or item that can be seen. */
    public sealed interface Block permits Heading, Paragraph, Bullets, Numbered {}

    /**
     * A heading of a section.
     *
     * @param level 1 to 6
     */
    public record Heading(int level, List<Inline> inlines) implements Block {}

    /** Lines that belong together. */
    public record Paragraph(List<Inline> inlines) implements Block {}

    /**
     * A list with bullets.
     *
     * @param items at least one; one line each, which may hold {@link Break}s
     */
    public record Bullets(List<List<Inline>> items) implements Block {}

    /**
     * A numbered list.
     *
     * @param items at least one; numbered from 1
     */
    public record Numbered(List<List<Inline>> items) implements Block {}

    /** What stands in a line. The first and the last of a line are no {@link Break}. */
    public sealed interface Inline permits Text, Break {}

    /**
     * Text of one appearance; two that follow each other differ in it.
     *
     * @param text not empty, without line breaks and control characters but tabs
     * @param href the absolute http, https or mailto URL that it links to; null for none
     */
    public record Text(
            String text,
            boolean bold,
            boolean italic,
            boolean code,
            @Nullable String href) implements Inline {
        /** The same appearance with another text. */
        public Text with(String other) {
            return new Text(other, bold, italic, code, href);
        }
    }

    /** A line break within a block. */
    public record Break() implements Inline {}

    /**
     * Reads a text.
     *
     * @param text the author's text, its {@link ParameterCode} already undone
     * @throws IllegalArgumentException if a <code>${</code> is not closed or its expression is not Simple
     */
    public static RichText of(String text, CamelContext camel) {
        return new RichText(RichSource.of(text, camel).lines().stream()
                .map(line -> RichLine.of(line, camel))
                .toList());
    }

    /** The blocks for this exchange; none if all lines are left out. */
    public List<Block> render(Exchange exchange) {
        RichBlocks blocks = new RichBlocks();
        lines.forEach(line -> blocks.add(line, exchange));
        return blocks.finished();
    }

    /** A text without markup as blocks: paragraphs between its blank lines. */
    public static List<Block> plain(String text) {
        List<Block> blocks = new ArrayList<>();
        for (String paragraph : Escaping.TEXT.escape(text).split("\n[ \t]*\n\\s*", -1)) {
            List<Inline> inlines = Inlines.tidy(Inlines.of(paragraph, Style.PLAIN, null));
            if (!inlines.isEmpty()) {
                blocks.add(new Paragraph(inlines));
            }
        }
        return List.copyOf(blocks);
    }

    /** How the author wants something to appear. */
    record Style(
            boolean bold,
            boolean italic,
            boolean code,
            @Nullable TextTemplate link) {
        static final Style PLAIN = new Style(false, false, false, null);

        Style asBold() {
            return new Style(true, italic, code, link);
        }

        Style asItalic() {
            return new Style(bold, true, code, link);
        }

        Style asCode() {
            return new Style(bold, italic, true, link);
        }

        Style linked(TextTemplate target) {
            return new Style(bold, italic, code, target);
        }
    }
}

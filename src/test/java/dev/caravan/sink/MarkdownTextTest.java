package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.commonmark.node.Code;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Markdown says is judged by commonmark-java, a parser that passes the specification's examples. */
class MarkdownTextTest {
    private static final Parser PARSER = Parser.builder().build();
    private static final Set<String> INLINES =
            Set.of("Text", "HardLineBreak", "Code", "Link", "Emphasis", "StrongEmphasis");

    private static Text text(String text) {
        return new Text(text, false, false, false, null);
    }

    private static List<Inline> lines(Text text) {
        return Inlines.tidy(Inlines.split(text.with(Hostile.withoutControls(text.text()))));
    }

    private static List<Node> children(Node node) {
        List<Node> children = new ArrayList<>();
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
            children.add(child);
        }
        return children;
    }

    private static String name(Node node) {
        return node.getClass().getSimpleName();
    }

    private static String shown(Node block) {
        StringBuilder shown = new StringBuilder();
        for (Node node : children(block)) {
            assertThat(name(node)).isIn(INLINES);
            if (node instanceof org.commonmark.node.Text text) {
                shown.append(text.getLiteral());
            } else if (node instanceof Code code) {
                shown.append(code.getLiteral());
            } else {
                shown.append(node instanceof HardLineBreak ? "\n" : shown(node));
            }
        }
        return shown.toString();
    }

    private static String paragraph(List<Inline> inlines) {
        Node document = PARSER.parse(MarkdownText.of(List.of(new Paragraph(inlines))));
        assertThat(children(document)).extracting(MarkdownTextTest::name).containsExactly("Paragraph");
        return shown(document.getFirstChild());
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aValueIsTextWhereverItStands(String value) {
        List<Inline> inlines = lines(text(value));
        List<Block> blocks = List.of(
                new Heading(1, inlines),
                new Paragraph(inlines),
                new Bullets(List.of(inlines, inlines)),
                new Numbered(List.of(inlines)),
                new Paragraph(lines(new Text(value, true, true, false, null))));
        String expected = PlainText.line(inlines).stripTrailing();

        List<Node> read = children(PARSER.parse(MarkdownText.of(blocks)));
        assertThat(read)
                .extracting(MarkdownTextTest::name)
                .containsExactly("Heading", "Paragraph", "BulletList", "OrderedList", "Paragraph");
        assertThat(shown(read.get(0))).isEqualToNormalizingWhitespace(expected);
        assertThat(shown(read.get(1))).isEqualTo(expected);
        assertThat(children(read.get(2))).hasSize(2);
        assertThat(shown(read.get(2).getLastChild().getFirstChild())).isEqualTo(expected);
        assertThat(children(read.get(3))).hasSize(1);
        assertThat(shown(read.get(3).getFirstChild().getFirstChild())).isEqualTo(expected);
        assertThat(shown(read.get(4)).stripTrailing()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aValueInCodeOrALinkIsText(String value) {
        for (String line : Hostile.withoutControls(value).split("\n", -1)) {
            if (!line.isBlank()) {
                assertThat(paragraph(List.of(text("a"), new Text(line, false, false, true, null), text("b"))))
                        .isEqualTo("a" + line + "b");
                assertThat(paragraph(List.of(text("a!"), new Text(line, true, false, false, "https://a.example/("))))
                        .isEqualTo("a!" + line);
            }
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        Node paragraph = PARSER.parse(MarkdownText.of(List.of(new Paragraph(List.of(
                        new Text("Score", true, false, false, null),
                        text(": "),
                        new Text("4", false, true, false, null),
                        text(" "),
                        new Text("open", false, false, false, "https://a.example/a_(b)?c=1&copy;=2*3*"))))))
                .getFirstChild();
        assertThat(children(paragraph))
                .extracting(MarkdownTextTest::name)
                .containsExactly("StrongEmphasis", "Text", "Emphasis", "Text", "Link");
        assertThat(((Link) paragraph.getLastChild()).getDestination())
                .isEqualTo("https://a.example/a_(b)?c=1&copy;=2*3*");
    }

    /** Random texts of what Markdown is made of, in random appearances side by side: what is shown is always the texts. */
    @Test
    void noMarkupArisesBetweenTexts() {
        String[] pieces = {
            "*",
            "**",
            "_",
            "`",
            "``",
            "~",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            "!",
            "#",
            "-",
            "+",
            "=",
            "1.",
            "2)",
            "\\",
            "&",
            "&amp;",
            " ",
            "  ",
            "\t",
            "a",
            "B",
            "é",
            "😀",
            ".",
            ":",
            "|",
            "http://x",
            "\u00a0",
            "\u200f",
            "\""
        };
        Random random = new Random(20261121);
        for (int round = 0; round < 20_000; round++) {
            List<Inline> inlines = new ArrayList<>();
            for (int count = 1 + random.nextInt(5); count > 0; count--) {
                StringBuilder text = new StringBuilder();
                for (int length = 1 + random.nextInt(4); length > 0; length--) {
                    text.append(pieces[random.nextInt(pieces.length)]);
                }
                String href = random.nextInt(8) == 0 ? "https://a.example/" : null;
                inlines.add(new Text(
                        text.toString(), random.nextBoolean(), random.nextBoolean(), random.nextInt(5) == 0, href));
                if (random.nextInt(6) == 0) {
                    inlines.add(new RichText.Break());
                }
            }
            List<Inline> tidy = Inlines.tidy(inlines);
            if (!tidy.isEmpty()) {
                assertThat(paragraph(tidy).stripTrailing())
                        .describedAs(MarkdownLine.of(tidy, "\\\n"))
                        .isEqualTo(PlainText.line(unlinked(tidy)).stripTrailing());
            }
        }
    }

    @Test
    void wordsSideBySideKeepTheirAppearances() {
        for (int styles = 0; styles < 4 * 4 * 4 * 4; styles++) {
            List<Inline> inlines = new ArrayList<>();
            for (int word = 0; word < 4; word++) {
                int style = styles >> (2 * word);
                inlines.add(new Text("w" + word, (style & 1) > 0, (style & 2) > 0, false, null));
            }
            List<Inline> tidy = Inlines.tidy(inlines);
            String markdown = MarkdownText.of(List.of(new Paragraph(tidy)));
            List<Inline> read = new ArrayList<>();
            collect(PARSER.parse(markdown).getFirstChild(), text(""), read);
            assertThat(Inlines.tidy(read)).describedAs(markdown).isEqualTo(Inlines.tidy(everySecond(tidy)));
        }
    }

    /** Of emphases with nothing between them every second one is given up. */
    private static List<Inline> everySecond(List<Inline> inlines) {
        List<Inline> kept = new ArrayList<>();
        boolean afterEmphasis = false;
        for (Inline inline : inlines) {
            Text text = (Text) inline;
            boolean emphasis = (text.bold() || text.italic()) && !afterEmphasis;
            kept.add(emphasis ? text : text(text.text()));
            afterEmphasis = emphasis;
        }
        return kept;
    }

    private static void collect(Node parent, Text style, List<Inline> read) {
        for (Node node : children(parent)) {
            if (node instanceof org.commonmark.node.Text text) {
                read.add(style.with(text.getLiteral()));
            } else {
                boolean strong = node instanceof StrongEmphasis;
                collect(node, new Text("", style.bold() || strong, style.italic() || !strong, false, null), read);
            }
        }
    }

    private static List<Inline> unlinked(List<Inline> inlines) {
        return inlines.stream()
                .map(inline -> inline instanceof Text text ? text(text.text()) : inline)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@alice",
                "https://a.example",
                "www.a.example",
                "a@b.example",
                ":smile:",
                "#12",
                "mailto:x",
                "$x$"
            })
    void wordsThatExtensionsActOnAreBroken(String value) {
        String markdown = MarkdownText.of(List.of(new Paragraph(List.of(text("see " + value)))));
        assertThat(markdown).isNotEqualTo("see " + value);
        assertThat(paragraph(List.of(text("see " + value)))).isEqualTo("see " + value);
    }
}

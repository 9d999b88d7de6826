package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RichTextTest {
    private static final CamelContext CAMEL = new DefaultCamelContext();
    private static final Map<String, Object> PAYLOAD = Map.of(
            "name",
            "Sarah",
            "score",
            4,
            "lines",
            "one\ntwo\n\nfour\n",
            "url",
            "https://a.example/x?y=1&z=(2)",
            "email",
            "s+h@a.example",
            "themes",
            Arrays.asList("price **x**", "", null, 7, Map.of("text", "from\nmap"), Map.of("other", 1)),
            "empty",
            List.of());

    @BeforeAll
    static void start() {
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    private static List<Block> render(String text) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getIn().setBody(PAYLOAD);
        return RichText.of(text, CAMEL).render(exchange);
    }

    /** The inlines of a text that is one paragraph. */
    private static List<Inline> inlines(String text) {
        List<Block> blocks = render(text);
        assertThat(blocks).hasSize(1);
        return ((Paragraph) blocks.get(0)).inlines();
    }

    private static Text text(String text) {
        return new Text(text, false, false, false, null);
    }

    private static Text bold(String text) {
        return new Text(text, true, false, false, null);
    }

    private static Text link(String text, @Nullable String href) {
        return new Text(text, false, false, false, href);
    }

    @Test
    void linesBecomeBlocks() {
        assertThat(render("""
                        # Interview with ${body[name]}
                        First line
                        second line

                        Next paragraph
                        - one
                        * two

                        - three
                        1. eins
                        2) zwei
                        ### End"""))
                .containsExactly(
                        new Heading(1, List.of(text("Interview with Sarah"))),
                        new Paragraph(List.of(text("First line"), new Break(), text("second line"))),
                        new Paragraph(List.of(text("Next paragraph"))),
                        new Bullets(List.of(List.of(text("one")), List.of(text("two")), List.of(text("three")))),
                        new Numbered(List.of(List.of(text("eins")), List.of(text("zwei")))),
                        new Heading(3, List.of(text("End"))));
    }

    @Test
    void markupWithinALine() {
        assertThat(inlines("A **bold _both_** _it_ `c**o**de ${body[score]}` x"))
                .containsExactly(
                        text("A "),
                        bold("bold "),
                        new Text("both", true, true, false, null),
                        text(" "),
                        new Text("it", false, true, false, null),
                        text(" "),
                        new Text("c**o**de 4", false, false, true, null),
                        text(" x"));
        assertThat(inlines("**Score:** _${body[score]}_"))
                .containsExactly(bold("Score:"), text(" "), new Text("4", false, true, false, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "snake_case_name", "2 * 3 ** 4", "a ** b ** c", "**open", "_open", "`open", "[label] (x)", "[a](",
                        "[a]()",
                "#tag", "-5", "1.5", "C:\\temp", "a_${body[none]}_b", "_ a _", "****", "``", "__"
            })
    void whatIsNoMarkupIsText(String text) {
        assertThat(inlines(text.replace("${body[none]}", "\\${x}")))
                .containsExactly(text(text.replace("${body[none]}", "${x}")));
    }

    @Test
    void aBackslashMakesPunctuationText() {
        assertThat(inlines("\\# \\**no\\** \\_no\\_ \\[a](b) \\` \\\\ \\n"))
                .containsExactly(text("# **no** _no_ [a](b) ` \\ \\n"));
    }

    @Test
    void placeholdersBetweenUnderscoresAreNoEmphasis() {
        assertThat(inlines("${body[name]}_${body[score]}_x")).containsExactly(text("Sarah_4_x"));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aValueIsNeverMarkup(String value) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getIn().setBody(value);
        List<Block> blocks = RichText.of("## ${body}\n${body}\n- x ${body}\n1. **${body}** `${body}`", CAMEL)
                .render(exchange);
        String expected = Hostile.withoutControls(value).replaceAll("^\n+|\n+$", "");
        assertThat(PlainText.line(((Heading) blocks.get(0)).inlines())).isEqualTo(expected);
        assertThat(PlainText.line(((Paragraph) blocks.get(1)).inlines())).isEqualTo(expected);
        assertThat(blocks.get(2)).isInstanceOf(Bullets.class);
        assertThat(blocks.get(3)).isInstanceOf(Numbered.class);
        assertThat(((Paragraph) blocks.get(1)).inlines()).allSatisfy(inline -> {
            if (inline instanceof Text text) {
                assertThat(text).isEqualTo(text(text.text()));
            }
        });
        assertThat(PlainText.of(RichText.plain(value))).isEqualToIgnoringWhitespace(expected);
    }

    @Test
    void aValuesLineBreaksStay() {
        assertThat(inlines("Said: ${body[lines]}"))
                .containsExactly(text("Said: one"), new Break(), text("two"), new Break(), new Break(), text("four"));
    }

    @Test
    void aBulletWithAListIsOneForEachElement() {
        assertThat(render("- ${body[themes]}\n- **${body[empty]}**\n- Theme: ${body[empty]}"))
                .containsExactly(new Bullets(List.of(
                        List.of(text("price **x**")),
                        List.of(text("7")),
                        List.of(text("from"), new Break(), text("map")),
                        List.of(text("{\"other\":1}")),
                        List.of(text("Theme: []")))));
    }

    @Test
    void aLineWithoutAnyValueIsLeftOut() {
        assertThat(
                        render(
                                "# ${body[none]}\nA\nB: ${body[none]}\nC\n- ${body[none]}\n- [x](${body[none]})\n- ${body[empty]}"))
                .containsExactly(new Paragraph(List.of(text("A"), new Break(), text("C"))));
        assertThat(render("${body[none]}")).isEmpty();
    }

    @Test
    void aLinksTargetMayHoldValues() {
        assertThat(inlines("[Open](${body[url]}) [b](https://b.example/${body[url]}/x) [c](mailto:${body[email]})"))
                .containsExactly(
                        link("Open", "https://a.example/x?y=1&z=(2)"),
                        text(" "),
                        link("b", "https://b.example/https%3A%2F%2Fa.example%2Fx%3Fy%3D1%26z%3D%282%29/x"),
                        text(" "),
                        link("c", "mailto:s%2Bh@a.example"));
        assertThat(inlines("See [the **${body[name]}** page](https://a.example/a_(b))."))
                .containsExactly(
                        text("See "),
                        link("the ", "https://a.example/a_(b)"),
                        new Text("Sarah", true, false, false, "https://a.example/a_(b)"),
                        link(" page", "https://a.example/a_(b)"),
                        text("."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,x",
                "//evil.example",
                "x",
                " JavaScript:x",
                "https://",
                "file:///etc",
                "java\nscript:x"
            })
    void aTargetThatIsNoWebAddressLeavesTheLabel(String target) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getIn().setBody(target);
        assertThat(RichText.of("[label](${body})", CAMEL).render(exchange))
                .containsExactly(new Paragraph(List.of(text("label"))));
    }

    @Test
    void anUnclosedPlaceholderIsRefusedAtOnce() {
        assertThatThrownBy(() -> RichText.of("**${body[name]**", CAMEL)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTextWithoutMarkupBecomesParagraphs() {
        assertThat(RichText.plain("**one**\ntwo\r\n\r\n\r\n# three\n"))
                .containsExactly(
                        new Paragraph(List.of(text("**one**"), new Break(), text("two"))),
                        new Paragraph(List.of(text("# three"))));
    }
}

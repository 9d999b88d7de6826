package dev.caravan.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.sink.Hostile;
import dev.caravan.sink.RichText;
import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JiraWikiTextTest {
    private static final Pattern ENTITY_OR_ESCAPE = Pattern.compile("&#(\\d+);|\\\\(\\p{Punct})");

    private static Text text(String text) {
        return new Text(text, false, false, false, null);
    }

    @Test
    void theAuthorsFormattingIsMarkup() {
        List<Block> blocks = List.of(
                new Heading(2, List.of(text("Why [now]"))),
                new Paragraph(List.of(
                        new Text("Score", true, false, false, null),
                        text(": 4"),
                        new Break(),
                        new Text("so", false, true, false, null),
                        text(" "),
                        new Text("a{b}", false, false, true, null),
                        text(" "),
                        new Text("Open", false, false, false, "https://a.example/x?y=[1|2]"))),
                new Bullets(List.of(List.of(text("one"), new Break(), text("more")), List.of(text("two")))),
                new Numbered(List.of(List.of(text("eins")), List.of(text("zwei")))));
        assertThat(JiraWikiText.of(blocks)).isEqualTo("""
                h2. Why \\[now\\]

                {*}Score{*}: 4
                {_}so{_} {{a\\{b\\}}} [Open|https://a.example/x?y=%5B1%7C2%5D]

                * one\\\\ more
                * two

                # eins
                # zwei""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "{code}x{code} => \\{code\\}x\\{code\\}",
                "h1. big => h1&#46; big",
                "bq. said => bq&#46; said",
                "[~admin] [^file] => \\[\\~admin\\] \\[\\^file\\]",
                "*bold* _it_ +ins+ => \\*bold\\* \\_it\\_ \\+ins\\+",
                "2026-03-01 -gone- ---- => 2026-03-01 \\-gone\\- \\-\\-\\-\\-",
                "!http://e.example/x.png! => \\!http&#58;//e.example/x.png\\!",
                "mailto:me@e.example => mailto&#58;me&#64;e.example",
                "what?? => what\\?\\?",
                "a\\\\b => a&#92;&#92;b",
                "&lt; AT&T => &#38;lt; AT&T",
                ":) (!) (x) (4) => &#58;) &#40;\\!) &#40;x) (4)",
                "|a||b| => \\|a\\|\\|b\\|"
            })
    void aTextIsNotMarkup(String value, String escaped) {
        assertThat(JiraWikiText.escaped(value)).isEqualTo(escaped);
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueCanBeReadBack(String value) {
        String text = Hostile.withoutControls(value);
        String escaped = JiraWikiText.escaped(text);
        assertThat(ENTITY_OR_ESCAPE.matcher(escaped).replaceAll(JiraWikiTextTest::unescaped))
                .isEqualTo(text);
        assertThat(escaped)
                .doesNotContainPattern("(?<![\\\\&])[{}\\[\\]*_|!#^~+]")
                .doesNotContain("://", "@");
        assertThat(JiraWikiText.of(RichText.plain(value))).doesNotContainPattern("(?m)^\\s*(h[1-6]|bq)\\.");
    }

    private static String unescaped(MatchResult found) {
        String entity = found.group(1);
        return Matcher.quoteReplacement(entity == null ? found.group(2) : Character.toString(Integer.parseInt(entity)));
    }
}

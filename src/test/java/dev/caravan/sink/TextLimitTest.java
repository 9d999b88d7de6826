package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextLimitTest {
    private static Text text(String text) {
        return new Text(text, false, false, false, null);
    }

    @Test
    void aLongTextEndsInAnEllipsis() {
        assertThat(TextLimit.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(TextLimit.cut("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(TextLimit.cut("abcd😀g", 6)).isEqualTo("abcd…");
        assertThat(TextLimit.cut("😀", 1)).isEqualTo("…");
    }

    @Test
    void piecesHoldWholeCharacters() {
        assertThat(TextLimit.pieces("ab😀cd", 3)).containsExactly("ab", "😀c", "d");
        assertThat(TextLimit.pieces("", 3)).isEmpty();
        assertThat(String.join("", TextLimit.pieces(Hostile.LONG_EMOJI, 1_999))).isEqualTo(Hostile.LONG_EMOJI);
    }

    @Test
    void blocksAreCutAtTheirEnd() {
        List<Block> blocks = List.of(
                new Heading(1, List.of(text("12345"))),
                new Bullets(List.of(List.of(text("123"), new Break(), text("567")), List.of(text("x")))),
                new Paragraph(List.of(text("last"))));
        assertThat(TextLimit.cut(blocks, 17)).isEqualTo(blocks);
        assertThat(TextLimit.cut(blocks, 15))
                .containsExactly(blocks.get(0), blocks.get(1), new Paragraph(List.of(text("l…"))));
        assertThat(TextLimit.cut(blocks, 11))
                .containsExactly(blocks.get(0), new Bullets(List.of(List.of(text("123"), new Break(), text("5…")))));
        assertThat(TextLimit.cut(blocks, 9)).containsExactly(blocks.get(0), new Bullets(List.of(List.of(text("123")))));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aRenderingFitsWithItsMarkup(String value) {
        List<Block> blocks = RichText.plain(value);
        String html = TextLimit.fit(blocks, 1_000, HtmlText::of);
        String whole = HtmlText.of(blocks);
        if (whole.length() <= 1_000) {
            assertThat(html).isEqualTo(whole);
        } else {
            assertThat(html).hasSizeBetween(990, 1_000).endsWith("…</p>");
        }
    }
}

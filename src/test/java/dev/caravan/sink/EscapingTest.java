package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.net.URI;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class EscapingTest {
    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aValueInHtmlArrivesAsText(String value) throws Exception {
        String escaped = Escaping.HTML.escape(value);
        String document = "<p a=\"" + escaped + "\" b='" + escaped + "'>" + escaped + "</p>";
        Element element = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(document)))
                .getDocumentElement();
        String text = Hostile.withoutControls(value);
        assertThat(element.getTextContent()).isEqualTo(text);
        assertThat(element.getElementsByTagName("*").getLength()).isZero();
        assertThat(element.getAttributes().getLength()).isEqualTo(2);
        assertThat(element.getAttribute("a")).isEqualTo(text.replaceAll("[\n\t]", " "));
        assertThat(element.getAttribute("b")).isEqualTo(element.getAttribute("a"));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void plainTextKeepsEverythingButControls(String value) {
        assertThat(Escaping.TEXT.escape(value)).isEqualTo(Hostile.withoutControls(value));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aValueInSoqlStaysWithinItsQuotes(String value) {
        String escaped = Escaping.SOQL.escape(value);
        StringBuilder read = new StringBuilder();
        for (int at = 0; at < escaped.length(); at++) {
            char character = escaped.charAt(at);
            assertThat(character).isNotIn('\'', '"', '\n', '\r', '\t');
            read.append(character == '\\' ? meaning(escaped.charAt(++at)) : character);
        }
        assertThat(read).hasToString(Hostile.withoutControls(value));
    }

    private static char meaning(char escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case '\\', '\'', '"' -> escape;
            default -> throw new AssertionError("SOQL has no escape \\" + escape);
        };
    }

    @Test
    void theBackslashIsEscapedBeforeTheQuote() {
        assertThat(Escaping.SOQL.escape("\\' OR x")).isEqualTo("\\\\\\' OR x");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHeaderIsOneLine(String value) {
        assertThat(Escaping.HEADER.escape(value)).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    @Test
    void lineBreaksInAHeaderBecomeOneSpace() {
        assertThat(Escaping.HEADER.escape(" New\r\n\tBcc: a@b.example\u0000\n")).isEqualTo("New Bcc: a@b.example");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aPartOfAUrlNeitherLeavesItsSegmentNorAddsAParameter(String value) {
        String part = Escaping.URL.escape(value);
        URI uri = URI.create("https://a.example/x/" + part + "/y?q=" + part);
        assertThat(uri.getRawPath().split("/", -1)).hasSize(4);
        assertThat(uri.getPath()).isEqualTo("/x/" + Hostile.withoutControls(value) + "/y");
        assertThat(uri.getRawQuery()).doesNotContain("&");
        assertThat(uri.getRawFragment()).isNull();
    }

    @Test
    void twoDotsAreNoWayUp() {
        assertThat(Escaping.URL.escape("..")).isEqualTo("%2E%2E");
        assertThat(Escaping.URL.escape("a..b")).isEqualTo("a..b");
    }
}

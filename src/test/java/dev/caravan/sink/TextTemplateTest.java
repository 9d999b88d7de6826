package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.StepFailure;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TextTemplateTest {
    private static final CamelContext CAMEL = new DefaultCamelContext();
    private static final Map<String, Object> PAYLOAD = Map.of(
            "name",
            "Sarah & <!channel>",
            "score",
            4.20,
            "count",
            37,
            "ok",
            true,
            "empty",
            "",
            "code",
            "${body[score]} {{env:HOME}}",
            "url",
            "https://a.example/x y?q=ü&r=1",
            "person",
            Map.of("plan", "pro", "tags", List.of("a", "b")));

    @BeforeAll
    static void start() {
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    private static String render(String template, Escaping escaping) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getIn().setBody(PAYLOAD);
        exchange.setVariable("eventId", "evt_1");
        return TextTemplate.of(template, escaping, CAMEL).render(exchange);
    }

    @Test
    void theAuthorsTextStandsAndValuesAreEscaped() {
        assertThat(render("*<b> & ${body[name]}*", Escaping.SLACK_MRKDWN))
                .isEqualTo("*<b> & Sarah &amp; &lt;!channel&gt;*");
        assertThat(render("{\"n\": \"${body[person]}\"}", Escaping.JSON_STRING))
                .startsWith("{\"n\": \"{\\\"")
                .contains("\\\"plan\\\":\\\"pro\\\"");
    }

    @Test
    void valuesReadAsAPersonWouldWriteThem() {
        assertThat(render("${body[score]} ${body[count]} ${body[ok]} ${variable.eventId}", Escaping.PLAIN))
                .isEqualTo("4.2 37 true evt_1");
        assertThat(render("${body[person][tags]}", Escaping.PLAIN)).isEqualTo("[\"a\",\"b\"]");
    }

    @Test
    void anAbsentValueIsTheEmptyText() {
        assertThat(render(
                        "x${body[none]}|${body[none][deeper]}|${body[person][none][deeper]}|${body[person][tags][9]}y",
                        Escaping.PLAIN))
                .isEqualTo("");
        assertThat(render("${body[count]}${body[none]}", Escaping.PLAIN)).isEqualTo("37");
    }

    @Test
    void aLineWithoutAnyValueIsLeftOut() {
        assertThat(render(
                        "*New*\nCompany: ${body[company]}\nPlan: ${body[person][plan]} (${body[none]})\n\nRole: ${body[role]}",
                        Escaping.PLAIN))
                .isEqualTo("*New*\nPlan: pro ()\n");
    }

    @Test
    void aValueIsNeverEvaluated() {
        assertThat(render("${body[code]}", Escaping.PLAIN)).isEqualTo("${body[score]} {{env:HOME}}");
    }

    @Test
    void placeholdersMayBeNestedAndADollarEscaped() {
        assertThat(render("\\${body} ${body[${variable.eventId}]}z${body[count]}", Escaping.PLAIN))
                .isEqualTo("${body} z37");
    }

    @Test
    void aValueAtTheStartOfAUrlIsAUrlAndElsewhereAPart() {
        assertThat(render("${body[url]}", Escaping.URL)).isEqualTo("https://a.example/x%20y?q=%C3%BC&r=1");
        assertThat(render("https://a.example/${body[url]}?q=${body[name]}", Escaping.URL))
                .isEqualTo(
                        "https://a.example/https%3A%2F%2Fa.example%2Fx%20y%3Fq%3D%C3%BC%26r%3D1?q=Sarah%20%26%20%3C%21channel%3E");
        assertThat(render("${body[count]}${body[url]}", Escaping.URL)).startsWith("37https%3A");
    }

    @Test
    void aLinkTargetInSlackIsAUrlOrNothing() {
        assertThat(render("<${body[url]}|Open>", Escaping.SLACK_MRKDWN))
                .isEqualTo("<https://a.example/x%20y?q=%C3%BC&amp;r=1|Open>");
        assertThat(render("<${body[name]}|Open>", Escaping.SLACK_MRKDWN)).isEqualTo("");
    }

    @Test
    void anUnclosedPlaceholderIsRefusedAtOnce() {
        assertThatThrownBy(() -> TextTemplate.of("Hello ${body[name]", Escaping.PLAIN, CAMEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("character 7");
    }

    @Test
    void anExpressionThatFailsIsPermanentAndQuotesNoPayload() {
        assertThatThrownBy(() -> render("${body.noSuchMethod(1)}", Escaping.PLAIN))
                .isInstanceOfSatisfying(StepFailure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
                    assertThat(failure)
                            .hasMessageContaining("body.noSuchMethod")
                            .hasNoCause();
                    assertThat(failure.getMessage()).doesNotContain("Sarah");
                });
    }

    @Test
    void controlCharactersAndHalfCharactersAreRemoved() {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getIn().setBody("a\u0000b\u0007\r\nc\ud83d\u007f");
        assertThat(TextTemplate.of("${body}", Escaping.SLACK_MRKDWN, CAMEL).render(exchange))
                .isEqualTo("ab\nc");
    }
}

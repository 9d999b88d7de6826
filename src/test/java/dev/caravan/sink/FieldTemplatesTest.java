package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTemplatesTest {
    private static final CamelContext CAMEL = new DefaultCamelContext();

    @BeforeAll
    static void start() {
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    private static FieldTemplates fields(String text) {
        return FieldTemplates.of(text, "airtable-record-sink", "fields", CAMEL);
    }

    private static Exchange exchange(String key, Object value) {
        Exchange exchange = new DefaultExchange(CAMEL);
        Map<String, Object> body = new HashMap<>(Map.of(
                "score",
                4.5,
                "count",
                37,
                "ok",
                true,
                "name",
                "Sarah",
                "blank",
                "",
                "tags",
                Arrays.asList("pro", null, 2, true, ""),
                "none",
                List.of(),
                "person",
                Map.of("plan", "pro")));
        body.put(key, value);
        exchange.getIn().setBody(body);
        return exchange;
    }

    private static Map<String, Object> row(String text) {
        return fields(text).row(exchange("x", 1));
    }

    @Test
    void onePlaceholderKeepsItsType() {
        assertThat(row("Score (number): ${body[score]}\nEvent ID: ${body[count]}\nOk__c:${body[ok]}\nn: ${body[name]}"))
                .containsExactly(
                        Map.entry("Score (number)", 4.5),
                        Map.entry("Event ID", 37),
                        Map.entry("Ok__c", true),
                        Map.entry("n", "Sarah"));
    }

    @Test
    void literalsAreTypedUnlessTheyAreQuoted() {
        assertThat(
                        row(
                                "a: true\nb: \"true\"\nc: 42\nd: -1.5\ne: 0049\nf: \"42\"\ng: False\nh: \"\"\ni: \"${body[count]}\""))
                .containsEntry("a", true)
                .containsEntry("b", "true")
                .containsEntry("c", 42)
                .containsEntry("d", -1.5)
                .containsEntry("e", "0049")
                .containsEntry("f", "42")
                .containsEntry("g", "False")
                .containsEntry("h", "")
                .containsEntry("i", "37");
    }

    @Test
    void aFieldWithoutAValueIsLeftOut() {
        assertThat(
                        row(
                                "a: ${body[gone]}\nb: x ${body[gone]}${body[blank]}\nc: ${body[blank]}\nd:\ne: \"${body[gone]}\""))
                .isEmpty();
        assertThat(fields("a: ${body[big]}").row(exchange("big", Double.POSITIVE_INFINITY)))
                .isEmpty();
    }

    @Test
    void textsMayHoldPlaceholdersColonsAndLinks() {
        assertThat(
                        row(
                                "# a comment\n\nNote: at 10:30, ${body[name]}: https://a.example/\nCustom field - x: ${body[name]}s"))
                .containsExactly(
                        Map.entry("Note", "at 10:30, Sarah: https://a.example/"),
                        Map.entry("Custom field - x", "Sarahs"));
    }

    @Test
    void aMappingKeepsItsTypes() {
        assertThat(
                        row(
                                "{\"Ünïq: name?\": \"${body[score]}\", \"b\": true, \"c\": \"true\", \"d\": 5, \"e\": \"\", \"f\": null}"))
                .containsExactly(
                        Map.entry("Ünïq: name?", 4.5),
                        Map.entry("b", true),
                        Map.entry("c", "true"),
                        Map.entry("d", 5),
                        Map.entry("e", ""));
    }

    @Test
    void listsAreJsonTextOrStayLists() {
        FieldTemplates fields = fields("t: ${body[tags]}\np: ${body[person]}\nn: ${body[none]}\nm: of ${body[tags]}");
        assertThat(fields.row(exchange("x", 1)))
                .containsEntry("t", "[\"pro\",null,2,true,\"\"]")
                .containsEntry("p", "{\"plan\":\"pro\"}")
                .containsEntry("n", "[]");
        assertThat(fields.rowWithLists(exchange("x", 1)))
                .containsEntry("t", List.of("pro", 2, true))
                .containsEntry("p", "{\"plan\":\"pro\"}")
                .doesNotContainKey("n")
                .containsEntry("m", "of [\"pro\",null,2,true,\"\"]");
        assertThat(fields.rowWithLists(exchange("tags", List.of(Map.of("a", 1)))))
                .containsEntry("t", "[{\"a\":1}]");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueIsText(String value) {
        FieldTemplates fields = fields("one: ${body[v]}\nmixed: <${body[v]}>\nquoted: \"${body[v]}\"");
        String text = Hostile.withoutControls(value);
        assertThat(fields.row(exchange("v", value)))
                .containsExactly(
                        Map.entry("one", text), Map.entry("mixed", "<" + text + ">"), Map.entry("quoted", text));
        assertThat(fields.rowWithLists(exchange("v", List.of(value)))).containsEntry("one", List.of(text));
    }

    @Test
    void nothingIsNoField() {
        assertThat(FieldTemplates.of(null, "k", "p", CAMEL).isEmpty()).isTrue();
        assertThat(fields(" \n ").names()).isEmpty();
    }

    @Test
    void aLineThatIsNoneIsNamed() {
        assertThatThrownBy(() -> fields("a: 1\n\nnonsense"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Line 3 of the parameter fields of airtable-record-sink is not \"name: value\"");
        assertThatThrownBy(() -> fields("a: 1\nb: 2\na: 3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The name a stands twice")
                .hasMessageContaining("fields of airtable-record-sink, in line 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${body[x]}: 1", "{{x}}: 1", "<b>: 1", "\"a\": 1"})
    void aNameIsNoTemplate(String line) {
        assertThatThrownBy(() -> fields("ok: 1\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 of the parameter fields of airtable-record-sink");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{nonsense", "{\"a\": 1, \"a\": 2}", "{\"a\": [1]}", "{\"a\": {}}"})
    void aMappingThatIsNoneIsRefused(String mapping) {
        assertThatThrownBy(() -> fields(mapping))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("he parameter fields of airtable-record-sink");
    }
}

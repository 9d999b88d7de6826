package dev.caravan.sink.koji;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.sink.SinkRoutes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KojiAnswerActionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROUTE = """
            - route:
                id: answered
                from:
                  uri: direct:in
                  steps:
                    - setVariable: {id: note, name: interview, simple: "${body[interview]}"}
                    - setVariable: {id: old, name: answer, constant: of another question}
                    - to:
                        id: answer
                        uri: kamelet:koji-answer-action
                        parameters:
                          questionId: "%s"
            """;

    private static Exchange run(String route, Map<String, ?> event) throws Exception {
        try (SinkRoutes routes = SinkRoutes.sending().load(route)) {
            return routes.event(event);
        }
    }

    private static @Nullable Object answer(String route, String event) throws Exception {
        Map<String, Object> payload = JSON.readValue(event, new TypeReference<LinkedHashMap<String, Object>>() {});
        Exchange done = run(route, payload);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(payload);
        return done.getVariable("answer");
    }

    private static @Nullable Object answerOfType(String type, String value) throws Exception {
        String event = """
                {"data": {"structured_answers": [
                  {"question_id": "q0", "type": "scale", "value": 1},
                  {"question_id": "q1", "type": %s, "value": %s}]}}""".formatted(type, value);
        return answer(ROUTE.formatted("q1"), event);
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("open_ended", "\"The import & export, <b>\\n😀\"", "The import & export, <b>\n😀"),
                Arguments.of("open_ended", "42", "42"),
                Arguments.of("scale", "2", 2),
                Arguments.of("scale", "7.5", 7.5),
                Arguments.of("scale", "\" 8 \"", 8),
                Arguments.of("scale", "\"7.5\"", 7.5),
                Arguments.of("single_choice", "\"pricing\"", "pricing"),
                Arguments.of("single_choice", "[\"pricing\"]", "pricing"),
                Arguments.of("multiple_choice", "[\"reports\", \"import\"]", List.of("reports", "import")),
                Arguments.of("multiple_choice", "\"reports\"", List.of("reports")),
                Arguments.of("ranking", "[\"price\", \"speed\", \"support\"]", List.of("price", "speed", "support")),
                Arguments.of("yes_no", "false", false),
                Arguments.of("yes_no", "true", true),
                Arguments.of("yes_no", "\"No\"", false),
                Arguments.of("yes_no", "\"yes\"", true),
                Arguments.of("Yes_No", "\"NO\"", false));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerHasTheTypeOfItsQuestion(String type, String value, Object expected) throws Exception {
        assertThat(answerOfType('"' + type + '"', value)).isEqualTo(expected);
    }

    static Stream<Arguments> noAnswers() {
        return Stream.of(
                Arguments.of("scale", "\"not asked\""),
                Arguments.of("scale", "true"),
                Arguments.of("scale", "{\"low\": 1}"),
                Arguments.of("scale", "\"1e999999999\""),
                Arguments.of("yes_no", "\"perhaps\""),
                Arguments.of("yes_no", "2"),
                Arguments.of("single_choice", "[\"price\", \"speed\"]"),
                Arguments.of("multiple_choice", "[]"),
                Arguments.of("ranking", "{\"price\": 1}"),
                Arguments.of("open_ended", "\"  \""),
                Arguments.of("open_ended", "null"));
    }

    @ParameterizedTest
    @MethodSource("noAnswers")
    void whatIsNoAnswerOfItsTypeLeavesNone(String type, String value) throws Exception {
        assertThat(answerOfType('"' + type + '"', value)).isNull();
    }

    @Test
    void ofAnUnknownTypeItIsAsThePayloadHasIt() throws Exception {
        assertThat(answerOfType("\"matrix\"", "{\"speed\": 3}")).isEqualTo(Map.of("speed", 3));
        assertThat(answerOfType("null", "\"7\"")).isEqualTo("7");
    }

    @Test
    void aQuestionThatWasNotAnsweredLeavesNoAnswer() throws Exception {
        for (String event : List.of(
                "{}",
                "{\"data\": {\"structured_answers\": \"none\"}}",
                "{\"data\": {\"structured_answers\": [null, 3, {\"question_id\": \"q10\", \"value\": 1}]}}",
                "{\"data\": {\"structured_answers\": [{\"question_id\": \"q1\", \"type\": \"scale\"}]}}")) {
            assertThat(answer(ROUTE.formatted("q1"), event)).as(event).isNull();
        }
    }

    @Test
    void itIsTakenFromTheFetchedInterviewWhereTheEventHasNone() throws Exception {
        String answers = "[{\"question_id\": \"q1\", \"type\": \"scale\", \"value\": %d}]";
        for (String interview : List.of("{\"data\": {\"structured_answers\": %s}}", "{\"structured_answers\": %s}")) {
            String event = "{\"interview\": " + interview.formatted(answers.formatted(3)) + "}";
            assertThat(answer(ROUTE.formatted("q1"), event)).as(event).isEqualTo(3);
        }
        String both = "{\"structured_answers\": " + answers.formatted(9) + ", \"interview\": {\"structured_answers\": "
                + answers.formatted(3) + "}}";
        assertThat(answer(ROUTE.formatted("q1"), both)).isEqualTo(9);
    }

    @Test
    void theFieldsOfAnAnswerAreParameters() throws Exception {
        String route = ROUTE.formatted("${body[ask]}") + """
                          answers: /answers
                          questionField: /question/id
                          typeField: kind
                          valueField: "/extracted/value, /extracted/text"
                          variable: answer
            """.indent(0);
        String event = """
                {"ask": 7, "answers": [
                  {"question": {"id": 6}, "kind": "scale", "extracted": {"value": 1}},
                  {"question": {"id": 7}, "kind": "yes_no", "extracted": {"text": "no"}}]}""";
        assertThat(answer(route, event)).isEqualTo(false);
    }

    @Test
    void aWrongPointerIsNamed() {
        String route = ROUTE.formatted("q1") + "              answers: data.answers,other\n";
        assertThatThrownBy(() -> run(route, Map.of()))
                .rootCause()
                .hasMessage("The parameter answers of koji-answer-action has \"data.answers\", which is no JSON"
                        + " Pointer: write it as /data/score");
    }

    @Test
    void conditionsOfARouteCanUseIt() throws Exception {
        String route = ROUTE.formatted("q1") + """
                - choice:
                    id: decide
                    when:
                      - simple: "${variable.answer} == false"
                        steps: [{setVariable: {id: no, name: said, constant: "no"}}]
                      - simple: "${variable.answer} != null && ${variable.answer} <= 2"
                        steps: [{setVariable: {id: low, name: said, constant: low}}]
                    otherwise:
                      steps: [{setVariable: {id: other, name: said, constant: other}}]
            """.indent(4);
        for (List<?> value :
                List.of(Arrays.asList(1, "low"), Arrays.asList(3, "other"), Arrays.asList("unknown", "other"))) {
            Map<String, Object> given = Map.of("question_id", "q1", "type", "scale", "value", value.get(0));
            Exchange done = run(route, Map.of("data", Map.of("structured_answers", List.of(given))));
            assertThat(done.getVariable("said")).as(value.toString()).isEqualTo(value.get(1));
        }
        Map<String, Object> refused = Map.of("question_id", "q1", "type", "yes_no", "value", "No");
        Exchange done = run(route, Map.of("data", Map.of("structured_answers", List.of(refused))));
        assertThat(done.getVariable("said")).isEqualTo("no");
    }
}

package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonPointerActionTest {
    private static Exchange run(String parameters, Map<String, ?> event) throws Exception {
        String route = """
                - route:
                    id: found
                    from:
                      uri: direct:in
                      steps:
                        - setVariable: {id: note, name: interview, simple: "${body[interview]}"}
                        - setVariable: {id: old, name: found, constant: something old}
                        - to:
                            id: find
                            uri: kamelet:json-pointer-action
                            parameters: {variable: found, %s}
                """.formatted(parameters);
        try (SinkRoutes routes = SinkRoutes.sending().load(route)) {
            Exchange done = routes.event(event);
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getBody()).isEqualTo(event);
            return done;
        }
    }

    private static @Nullable Object found(String parameters, Map<String, ?> event) throws Exception {
        return run(parameters, event).getVariable("found");
    }

    @Test
    void aValueKeepsItsType() throws Exception {
        Map<String, ?> event = Map.of("data", Map.of("score", 4.5, "ok", false, "a/b", List.of("x", Map.of("y", "z"))));
        assertThat(found("pointer: /data/score", event)).isEqualTo(4.5);
        assertThat(found("pointer: /data/ok", event)).isEqualTo(false);
        assertThat(found("pointer: /data/a~1b/1/y", event)).isEqualTo("z");
        assertThat(found("pointer: /data/a~1b", event)).isEqualTo(List.of("x", Map.of("y", "z")));
        assertThat(found("pointer: /", event)).isEqualTo(event);
    }

    @Test
    void theFirstPointerThatFindsSomethingWins() throws Exception {
        Map<String, ?> event =
                Map.of("blank", " ", "none", List.of(), "empty", Map.of(), "text", "here", "more", "there");
        assertThat(found("pointer: '/gone, /blank, /none, /empty, /text/0, /text, /more'", event))
                .isEqualTo("here");
    }

    @Test
    void theFirstPlaceThatHasItWins() throws Exception {
        Map<String, ?> event = Map.of("score", 1, "only", 2, "interview", Map.of("score", 3));
        assertThat(found("pointer: /score, in: 'interview, body'", event)).isEqualTo(3);
        assertThat(found("pointer: /only, in: 'interview, body'", event)).isEqualTo(2);
        assertThat(found("pointer: /score, in: 'missing, body'", event)).isEqualTo(1);
    }

    @Test
    void whereNothingIsFoundTheVariableIsRemoved() throws Exception {
        assertThat(found("pointer: /data/3/x", Map.of("data", List.of("a")))).isNull();
        assertThat(found("pointer: /data/-", Map.of("data", List.of("a")))).isNull();
    }

    @Test
    void aListIsAlwaysOneForASplit() throws Exception {
        Map<String, ?> event =
                Map.of("many", Arrays.asList("a, b", null, 3), "one", "a, b", "map", Map.of("title", "t"));
        assertThat(found("pointer: /many, as: list", event)).isEqualTo(List.of("a, b", 3));
        assertThat(found("pointer: /one, as: list", event)).isEqualTo(List.of("a, b"));
        assertThat(found("pointer: /map, as: list", event)).isEqualTo(List.of(Map.of("title", "t")));
        assertThat(found("pointer: /gone, as: list", event)).isEqualTo(List.of());
    }

    @Test
    void asTextItIsWhatAPersonReads() throws Exception {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("interviews", 24);
        metrics.put("average_quality_score", 3.9);
        metrics.put("gone", null);
        metrics.put("top_themes", List.of("price", Map.of("name", "speed")));
        assertThat(found("pointer: /m, as: text", Map.of("m", metrics))).isEqualTo("""
                interviews: 24
                average quality score: 3.9
                top themes: price, name: speed""");
        assertThat(found("pointer: /m, as: text", Map.of("m", List.of("a, b", 1E10))))
                .isEqualTo("a, b\n10000000000");
        assertThat(found("pointer: /m, as: text", Map.of("m", true))).isEqualTo("true");
        assertThat(found("pointer: /gone, as: text", Map.of("m", true))).isNull();
    }

    @Test
    void wrongParametersAreNamed() {
        assertThatThrownBy(() -> run("pointer: data.score", Map.of()))
                .rootCause()
                .hasMessage("The parameter pointer of json-pointer-action has \"data.score\", which is no JSON Pointer:"
                        + " write it as /data/score");
        assertThatThrownBy(() -> run("pointer: /a, as: array", Map.of()))
                .rootCause()
                .hasMessage("The parameter as of json-pointer-action is \"array\": it must be any, list or text");
    }
}

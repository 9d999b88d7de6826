package dev.caravan.sink.analytics;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.SinkBench;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AmplitudeSinkTest {
    private static final Map<String, Object> EVENT =
            Map.of("user", "sarah@acme.example", "score", 4.5, "themes", List.of("a", "b"), "study", "Post-Trial");

    private final SinkBench bench = new SinkBench("amplitude-sink", "amplitude")
            .with("apiKey", "amp_secret")
            .with("userId", "${body[user]}")
            .with("eventType", "Interview completed")
            .with("eventProperties", "score: ${body[score]}\nthemes: ${body[themes]}\nnone: ${body[nothing]}")
            .with("userProperties", "research_completed: true\nlast_study: ${body[study]}");

    @BeforeEach
    void start() {
        bench.answering(200, "{\"code\":200,\"events_ingested\":1}");
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void anEventAndUserPropertiesAreOneRequest() throws Exception {
        bench.delivered(EVENT);
        assertThat(bench.requests()).hasSize(1);
        assertThat(bench.requests().get(0).getUrl()).isEqualTo("/2/httpapi");
        assertThat(bench.requests().get(0).containsHeader("Authorization")).isFalse();
        String insert = bench.body(0).at("/events/0/insert_id").asText();
        String device = bench.body(0).at("/events/0/device_id").asText();
        assertThat(insert).matches("[0-9a-f]{64}");
        assertThat(device).matches("[0-9a-f-]{36}");
        assertThat(bench.body(0))
                .isEqualTo(SinkBench.json("""
                {"api_key":"amp_secret","options":{"min_id_length":1},"events":[
                 {"user_id":"sarah@acme.example","device_id":"DEVICE","event_type":"Interview completed",
                  "time":1772269200123,"insert_id":"INSERT",
                  "event_properties":{"score":4.5,"themes":["a","b"]},
                  "user_properties":{"research_completed":true,"last_study":"Post-Trial"}}]}
                """.replace("DEVICE", device).replace("INSERT", insert)));
    }

    @Test
    void aSecondAttemptIsTheSameRequest() throws Exception {
        bench.delivered(EVENT);
        bench.delivered(EVENT);
        assertThat(bench.body(0)).isEqualTo(bench.body(1));
        assertThat(bench.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"2026-02-28T10:00:00+01:00, 1772269200000", "1772269200, 1772269200000", "1772269200123, 1772269200123"
    })
    void timeAndDeviceCanBeSaid(String time, long millis) throws Exception {
        Map<String, Object> event = new HashMap<>(EVENT);
        event.put("at", time);
        bench.with("time", "${body[at]}").with("deviceId", "d-${body[study]}").delivered(event);
        assertThat(bench.body(0).at("/events/0/time").asLong()).isEqualTo(millis);
        assertThat(bench.body(0).at("/events/0/device_id").asText()).isEqualTo("d-Post-Trial");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-02-28", "0", "99999999999999999999", "2026-02-28T10:00:00"})
    void whatIsNoTimeIsRefused(String time) throws Exception {
        assertThat(bench.with("time", "${body[at]}")
                        .failure(Map.of("user", "u", "at", time))
                        .kind())
                .isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(bench.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "Anonymous", "undefined", "0"})
    void whatIsNoIdIsRefused(String user) throws Exception {
        StepFailure failure = bench.failure(Map.of("user", user));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("userId");
        assertThat(bench.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "413, PERMANENT",
        "429, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "503, PASSING",
        "504, UNSURE"
    })
    void aRefusalIsClassified(int status, StepFailure.Kind kind) throws Exception {
        bench.answering(aResponse().withStatus(status).withBody("{\"code\":" + status + ",\"error\":\"why\"}"));
        StepFailure failure = bench.failure(EVENT);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure.retryAfter().orElse(null)).isEqualTo(status == 429 ? Duration.ofSeconds(30) : null);
        assertThat(failure.getMessage()).doesNotContain("amp_secret").doesNotContain("sarah");
    }

    @Test
    void aRefusalInTheBodyCounts() throws Exception {
        bench.answering(200, "{\"code\":400,\"error\":\"why\"}");
        assertThat(bench.failure(EVENT).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
    }

    @Test
    void aLostAnswerIsUnsure() throws Exception {
        assertThat(bench.losingAnswers().failure(EVENT).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void valuesArriveAsText(String hostile) throws Exception {
        bench.with("eventType", "About ${body[x]}")
                .with("deviceId", "d ${body[x]}")
                .with("eventProperties", "x: ${body[x]}\nlist: ${body[list]}")
                .with("userProperties", "x: ${body[x]}");
        bench.delivered(Map.of(
                "user",
                "u" + hostile.substring(0, Math.min(200, hostile.length())),
                "x",
                hostile,
                "list",
                List.of(hostile)));
        JsonNode event = bench.body(0).at("/events/0");
        String text = Hostile.withoutControls(hostile);
        if (text.length() <= 1_024) {
            assertThat(event.at("/event_properties/x").asText()).isEqualTo(text);
            assertThat(event.at("/event_properties/list/0").asText()).isEqualTo(text);
            assertThat(event.at("/user_properties/x").asText()).isEqualTo(text);
        } else {
            assertThat(event.at("/user_properties/x").asText())
                    .hasSizeBetween(1_023, 1_024)
                    .endsWith("…");
        }
    }

    @ParameterizedTest
    @CsvSource({"apiKey, ''", "userProperties, '$add: 1'", "eventProperties, x", "baseUrl, x"})
    void aWrongParameterIsNamed(String name, String value) {
        assertThatThrownBy(() -> bench.with(name, value).start()).rootCause().hasMessageContaining(name);
    }
}

package dev.caravan.sink.analytics;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.SinkBench;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HeapSinkTest {
    private static final Map<String, Object> EVENT =
            Map.of("user", "sarah@acme.example", "score", 4.5, "themes", List.of("a", true), "study", "Post-Trial");

    private final SinkBench bench = new SinkBench("heap-sink", "heap")
            .with("appId", "11")
            .with("identity", "${body[user]}")
            .with("event", "Interview completed")
            .with("properties", "score: ${body[score]}\nthemes: ${body[themes]}\nnone: ${body[nothing]}\npaid: true")
            .with("userProperties", "last_study: ${body[study]}");

    @BeforeEach
    void start() {
        bench.answering(200, "");
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void anEventAndThenUserPropertiesAreSent() throws Exception {
        bench.delivered(EVENT);
        assertThat(bench.requests())
                .extracting(request -> request.getUrl())
                .containsExactly("/api/track", "/api/add_user_properties");
        String key = bench.body(0).path("idempotency_key").asText();
        assertThat(key).matches("[0-9a-f]{64}");
        assertThat(bench.body(0)).isEqualTo(SinkBench.json("""
                {"app_id":"11","identity":"sarah@acme.example","event":"Interview completed",
                 "timestamp":"2026-02-28T09:00:00.123Z","idempotency_key":"KEY",
                 "properties":{"paid":"true","score":4.5,"themes":["a","true"]}}
                """.replace("KEY", key)));
        assertThat(bench.body(1)).isEqualTo(SinkBench.json("""
                {"app_id":"11","identity":"sarah@acme.example","properties":{"last_study":"Post-Trial"}}
                """));
    }

    @Test
    void aSecondAttemptIsTheSameRequest() throws Exception {
        bench.without("userProperties").delivered(EVENT);
        bench.delivered(EVENT);
        assertThat(bench.body(0)).isEqualTo(bench.body(1));
        assertThat(bench.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "404, PERMANENT",
        "429, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "503, PASSING"
    })
    void aRefusalIsClassified(int status, StepFailure.Kind kind) throws Exception {
        bench.answering(
                aResponse().withStatus(status).withHeader("Retry-After", "12").withBody("why"));
        StepFailure failure = bench.failure(EVENT);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(12));
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure.getMessage()).doesNotContain("sarah");
        assertThat(bench.requests()).hasSize(1);
    }

    @Test
    void aLostAnswerIsUnsure() throws Exception {
        assertThat(bench.losingAnswers().failure(EVENT).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @Test
    void anIdThatIsTooLongIsRefused() throws Exception {
        assertThat(bench.failure(Map.of("user", "u".repeat(256))).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(bench.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void valuesArriveAsText(String hostile) throws Exception {
        bench.with("event", "About ${body[x]}")
                .with("properties", "x: ${body[x]}")
                .with("userProperties", "x: ${body[x]}");
        String user = "u" + hostile.substring(0, Math.min(200, hostile.length()));
        bench.delivered(Map.of("user", user, "x", hostile));
        String text = Hostile.withoutControls(hostile);
        String arrived = bench.body(0).at("/properties/x").asText();
        if (text.length() < 1_024) {
            assertThat(arrived).isEqualTo(text);
            assertThat(bench.body(1).at("/properties/x").asText()).isEqualTo(text);
        } else {
            assertThat(arrived).hasSizeBetween(1_022, 1_023).endsWith("…");
        }
        assertThat(bench.body(0).path("identity").asText()).isEqualTo(words(user));
    }

    private static String words(String text) {
        return Hostile.withoutControls(text).replaceAll("\\s+", " ").strip();
    }

    @ParameterizedTest
    @CsvSource({"appId, my-app", "appId, ''", "identity, ''", "event, ''"})
    void aWrongParameterIsNamed(String name, String value) {
        assertThatThrownBy(() -> bench.with(name, value).start()).rootCause().hasMessageContaining(name);
    }
}

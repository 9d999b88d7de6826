package dev.caravan.sink.analytics;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.SinkBench;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
class MixpanelSinkTest {
    private static final Map<String, Object> EVENT =
            Map.of("user", "sarah@acme.example", "score", 4.5, "themes", List.of("a", "b"), "study", "Post-Trial");

    private final SinkBench bench = new SinkBench("mixpanel-sink", "mixpanel")
            .with("projectToken", "mp_token")
            .with("distinctId", "${body[user]}")
            .with("event", "Interview completed")
            .with("properties", "score: ${body[score]}\nthemes: ${body[themes]}\nnone: ${body[nothing]}");

    @BeforeEach
    void start() {
        bench.answering(200, "{\"code\":200,\"num_records_imported\":1,\"status\":\"OK\"}");
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private SinkBench withService() {
        return bench.with("projectId", 123).with("serviceAccount", "sa.mp").with("serviceSecret", "mp_secret");
    }

    @Test
    void withAServiceAccountAnEventIsImported() throws Exception {
        withService().delivered(EVENT);
        assertThat(bench.requests()).hasSize(1);
        assertThat(bench.requests().get(0).getUrl()).isEqualTo("/import?strict=1&project_id=123");
        assertThat(bench.requests().get(0).getHeader("Authorization"))
                .isEqualTo("Basic "
                        + Base64.getEncoder().encodeToString("sa.mp:mp_secret".getBytes(StandardCharsets.UTF_8)));
        String insert = bench.body(0).at("/0/properties/$insert_id").asText();
        assertThat(insert).matches("[0-9a-f-]{36}");
        assertThat(bench.body(0)).isEqualTo(SinkBench.json("""
                [{"event":"Interview completed","properties":{"score":4.5,"themes":["a","b"],
                  "time":1772269200123,"distinct_id":"sarah@acme.example","$insert_id":"INSERT"}}]
                """.replace("INSERT", insert)));
    }

    @Test
    void withTheTokenAloneItIsTrackedAndPropertiesAreSetAfterIt() throws Exception {
        bench.answering(200, "{\"status\":1,\"error\":null}")
                .with("userProperties", "research_completed: true\n$name: ${body[study]}");
        bench.delivered(EVENT);
        assertThat(bench.requests())
                .extracting(request -> request.getUrl())
                .containsExactly("/track?verbose=1", "/engage?verbose=1");
        assertThat(bench.body(0).at("/0/properties/token").asText()).isEqualTo("mp_token");
        assertThat(bench.body(1)).isEqualTo(SinkBench.json("""
                [{"$token":"mp_token","$distinct_id":"sarah@acme.example","$ip":"0",
                  "$set":{"research_completed":true,"$name":"Post-Trial"}}]
                """));
    }

    @Test
    void aPropertyCannotTakeThePlaceOfTimeOrUser() throws Exception {
        withService()
                .with("properties", "time: 1\ndistinct_id: other\n$insert_id: x")
                .delivered(EVENT);
        assertThat(bench.body(0).at("/0/properties/time").asLong()).isEqualTo(SinkBench.EVENT_TIME.toEpochMilli());
        assertThat(bench.body(0).at("/0/properties/distinct_id").asText()).isEqualTo("sarah@acme.example");
    }

    @Test
    void aSecondAttemptIsTheSameRequest() throws Exception {
        withService().delivered(EVENT);
        bench.delivered(EVENT);
        assertThat(bench.body(0)).isEqualTo(bench.body(1));
        assertThat(bench.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "{\"status\":0,\"error\":\"why\"}", "{\"code\":400,\"status\":\"why\"}"})
    void aRefusalInTheBodyCounts(String body) throws Exception {
        bench.answering(200, body);
        assertThat(bench.failure(EVENT).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
    }

    @Test
    void whatOnlyTheProfileRefusesIsToldAsWell() throws Exception {
        bench.answering(ok("1")).with("userProperties", "a: 1");
        bench.standIn.stubFor(post(urlPathEqualTo("/engage")).willReturn(ok("0")));
        assertThat(bench.failure(EVENT).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(bench.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "401, PERMANENT",
        "413, PERMANENT",
        "429, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "503, PASSING"
    })
    void aRefusalIsClassified(int status, StepFailure.Kind kind) throws Exception {
        withService().answering(aResponse().withStatus(status).withBody("{\"code\":" + status + ",\"error\":\"why\"}"));
        StepFailure failure = bench.failure(EVENT);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure.getMessage()).doesNotContain("mp_").doesNotContain("sarah");
    }

    @Test
    void aLostAnswerIsUnsure() throws Exception {
        assertThat(bench.losingAnswers().failure(EVENT).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void valuesArriveAsText(String hostile) throws Exception {
        withService()
                .with("event", "About ${body[x]}")
                .with("properties", "x: ${body[x]}\nlist: ${body[list]}")
                .with("userProperties", "x: ${body[x]}");
        String user = "u" + hostile.substring(0, Math.min(200, hostile.length()));
        bench.delivered(Map.of("user", user, "x", hostile, "list", List.of(hostile)));
        JsonNode properties = bench.body(0).at("/0/properties");
        String text = Hostile.withoutControls(hostile);
        if (text.length() <= 1_024) {
            assertThat(properties.path("x").asText()).isEqualTo(text);
            assertThat(properties.at("/list/0").asText()).isEqualTo(text);
            assertThat(bench.body(1).at("/0/$set/x").asText()).isEqualTo(text);
        } else {
            assertThat(properties.path("x").asText())
                    .hasSizeBetween(1_023, 1_024)
                    .endsWith("…");
        }
    }

    @ParameterizedTest
    @CsvSource({"projectToken, ''", "projectId, 123", "serviceSecret, x", "distinctId, ''"})
    void aWrongParameterIsNamed(String name, String value) {
        assertThatThrownBy(() -> bench.with(name, value).start()).rootCause().hasMessageContaining(name);
    }

    @Test
    void aProjectIsANumber() {
        assertThatThrownBy(() -> withService().with("projectId", "research").start())
                .rootCause()
                .hasMessageContaining("projectId is research");
    }
}

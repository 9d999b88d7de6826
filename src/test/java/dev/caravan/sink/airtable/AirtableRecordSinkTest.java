package dev.caravan.sink.airtable;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
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
class AirtableRecordSinkTest {
    private static final Map<String, Object> EVENT =
            Map.of("name", "Sarah", "score", 4.5, "themes", List.of("a", "b, c"), "id", "abc123");

    private final SinkBench bench = new SinkBench("airtable-record-sink", "airtable")
            .with("token", "pat123.secret")
            .with("baseId", "app1a2b3c4d5e6f7g")
            .with("table", "Interviews 2026")
            .with("fields", """
                    Participant: ${body[name]}
                    Score: ${body[score]}
                    Themes: ${body[themes]}
                    Paid: true
                    Absent: ${body[nothing]}
                    """);

    @BeforeEach
    void start() {
        bench.answering(200, "{\"records\":[{\"id\":\"rec1\"}],\"createdRecords\":[\"rec1\"],\"updatedRecords\":[]}");
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void aRecordIsMadeOrUpdatedByItsKey() throws Exception {
        bench.delivered(EVENT);
        assertThat(bench.requests()).hasSize(1);
        assertThat(bench.requests().get(0).getMethod().getName()).isEqualTo("PATCH");
        assertThat(bench.requests().get(0).getUrl()).isEqualTo("/v0/app1a2b3c4d5e6f7g/Interviews%202026");
        assertThat(bench.requests().get(0).getHeader("Authorization")).isEqualTo("Bearer pat123.secret");
        String key = bench.body(0).at("/records/0/fields/Event ID").asText();
        assertThat(key).matches("[0-9a-f]{64}");
        assertThat(bench.body(0)).isEqualTo(SinkBench.json("""
                {"performUpsert":{"fieldsToMergeOn":["Event ID"]},"typecast":true,
                 "records":[{"fields":{"Event ID":"KEY","Participant":"Sarah","Score":4.5,"Themes":["a","b, c"],
                  "Paid":true}}]}
                """.replace("KEY", key)));
    }

    @Test
    void aSecondAttemptIsTheSameRequest() throws Exception {
        bench.delivered(EVENT);
        bench.delivered(EVENT);
        assertThat(bench.body(0)).isEqualTo(bench.body(1));
        assertThat(bench.requests()).hasSize(2);
    }

    @Test
    void theKeyCanBeTheEvents() throws Exception {
        bench.with("key", "Interview").with("keyValue", "${body[id]}").delivered(EVENT);
        assertThat(bench.body(0).at("/performUpsert/fieldsToMergeOn/0").asText())
                .isEqualTo("Interview");
        assertThat(bench.body(0).at("/records/0/fields/Interview").asText()).isEqualTo("abc123");
    }

    @Test
    void anEmptyKeyIsRefused() throws Exception {
        StepFailure failure = bench.with("keyValue", "${body[nothing]}").failure(EVENT);
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(bench.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "401, PERMANENT",
        "403, PERMANENT",
        "404, PERMANENT",
        "413, PERMANENT",
        "422, PERMANENT",
        "429, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "503, PASSING"
    })
    void aRefusalIsClassified(int status, StepFailure.Kind kind) throws Exception {
        bench.answering(aResponse().withStatus(status).withBody("{\"error\":{\"type\":\"WHY\"}}"));
        StepFailure failure = bench.failure(EVENT);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure.retryAfter().orElse(null)).isEqualTo(status == 429 ? Duration.ofSeconds(30) : null);
        assertThat(failure.responseExcerpt().orElse("")).contains("WHY");
        assertThat(bench.requests()).hasSize(1);
    }

    @Test
    void aLostAnswerIsUnsure() throws Exception {
        assertThat(bench.losingAnswers().failure(EVENT).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void valuesArriveAsText(String hostile) throws Exception {
        bench.with("keyValue", "${body[name]}").with("fields", "Name: ${body[name]}\nList: ${body[list]}");
        bench.delivered(Map.of("name", hostile, "list", List.of(hostile)));
        JsonNode cells = bench.body(0).at("/records/0/fields");
        String text = Hostile.withoutControls(hostile);
        assertThat(cells.path("Name").asText()).isEqualTo(text);
        assertThat(cells.at("/List/0").asText()).isEqualTo(text);
        assertThat(cells.path("Event ID").asText()).isEqualTo(text.strip());
    }

    @ParameterizedTest
    @CsvSource({"baseId, my base", "fields, 'Event ID: x'", "fields, ''", "table, ''", "baseUrl, ftp://x"})
    void aWrongParameterIsNamed(String name, String value) {
        assertThatThrownBy(() -> bench.with(name, value).start())
                .rootCause()
                .hasMessageContaining(value.startsWith("Event") ? "keyValue" : name);
    }
}

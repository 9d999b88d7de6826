package dev.caravan.sink.koji;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class KojiStartInterviewActionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STARTED =
            "{\"interview_id\":\"i_1\",\"interview_url\":\"https://app.koji.so/i/i_1?p=jane\"}";
    private static final String ROUTE = """
            - route:
                id: start
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: session
                        uri: kamelet:koji-start-interview-action
                        parameters:
                          apiKey: koji_secret
                          baseUrl: BASE
                          studyId: "${body[study]}"
                          email: "${body[email]}"
                          name: "${body[name]}"
                          context: |
                            deal_id: ${body[deal]}
                            amount: ${body[amount]}
                            absent: ${body[nothing]}
                          MORE
            """;
    private static final Map<String, Object> EVENT =
            Map.of("study", "xyz789", "email", "jane@acme.example", "name", "Jane Doe", "deal", "42", "amount", 1200.5);

    private final WireMockServer standIn = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start() {
        OutboundRecorder.record(
                standIn,
                "http",
                "koji-start-interview-action",
                Hostile.SIMPLE,
                Hostile.PLACEHOLDER,
                Hostile.MERGE_TAGS);
        standIn.stubFor(any(anyUrl()).willReturn(okJson(STARTED)));
    }

    @AfterEach
    void stop() {
        routes.close();
        standIn.stop();
    }

    private Exchange begin(Map<String, ?> event, String... more) throws Exception {
        routes.load(ROUTE.replace("BASE", standIn.baseUrl()).replace("MORE", String.join("\n" + " ".repeat(14), more)));
        return routes.event(event);
    }

    private List<LoggedRequest> requests() {
        return standIn.findAll(anyRequestedFor(anyUrl()));
    }

    private static StepFailure failure(Exchange exchange) {
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    @Test
    void theLinkComesBackAndTheBodyStaysTheEvent() throws Exception {
        Exchange done = begin(EVENT);
        assertThat(done.getException()).isNull();
        assertThat(done.getVariable("session"))
                .isEqualTo(Map.of(
                        "link",
                        "https://app.koji.so/i/i_1?p=jane",
                        "id",
                        "i_1",
                        "answer",
                        Map.of("interview_id", "i_1", "interview_url", "https://app.koji.so/i/i_1?p=jane")));
        assertThat(done.getMessage().getBody()).isEqualTo(EVENT);
        LoggedRequest request = requests().get(0);
        assertThat(request.getMethod().getName()).isEqualTo("POST");
        assertThat(request.getUrl()).isEqualTo("/api/v1/interviews");
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer koji_secret");
        assertThat(request.getHeader("Idempotency-Key")).matches("[0-9a-f]{64}");
        assertThat(JSON.readTree(request.getBodyAsString())).isEqualTo(JSON.readTree("""
                {"study_id":"xyz789","participant":{"email":"jane@acme.example","name":"Jane Doe"},
                 "metadata":{"deal_id":"42","amount":1200.5}}
                """));
    }

    @Test
    void aSecondAttemptHasTheSameKey() throws Exception {
        begin(EVENT);
        routes.event(EVENT);
        assertThat(requests())
                .hasSize(2)
                .extracting(request -> request.getHeader("Idempotency-Key"))
                .containsOnly(requests().get(0).getHeader("Idempotency-Key"));
    }

    @Test
    void pathAndPointersCanBeSaid() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(okJson("{\"data\":[{\"url\":\"https://k.example/1\"}]}")));
        Exchange done =
                begin(EVENT, "path: /v2/sessions", "linkPointer: /data/0/url", "variable: talk", "keyHeader: X-Key");
        assertThat(requests().get(0).getUrl()).isEqualTo("/v2/sessions");
        assertThat(requests().get(0).getHeader("X-Key")).isEqualTo("koji_secret");
        assertThat(done.getVariable("talk"))
                .isEqualTo(Map.of(
                        "link",
                        "https://k.example/1",
                        "answer",
                        Map.of("data", List.of(Map.of("url", "https://k.example/1")))));
    }

    @Test
    void anAnswerWithoutALinkIsNotAskedForAgain() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"i_1\"}")));
        StepFailure failure = failure(begin(EVENT));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("linkPointer");
    }

    @Test
    void withoutAStudyNothingIsStarted() throws Exception {
        assertThat(failure(begin(Map.of("email", "a@b.example"))).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "401, PERMANENT",
        "404, PERMANENT",
        "422, PERMANENT",
        "408, PASSING",
        "429, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "503, PASSING"
    })
    void aRefusalIsClassified(int status, StepFailure.Kind kind) throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody("why")));
        StepFailure failure = failure(begin(EVENT));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.responseExcerpt()).contains("why");
        assertThat(failure.getMessage()).doesNotContain("koji_secret").doesNotContain("jane");
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aLostAnswerIsUnsure() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure(begin(EVENT)).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void valuesArriveAsText(String hostile) throws Exception {
        begin(Map.of("study", hostile, "email", hostile, "name", hostile, "deal", hostile));
        JsonNode body = JSON.readTree(requests().get(0).getBodyAsString());
        String text = Hostile.withoutControls(hostile);
        assertThat(body.path("study_id").asText()).isEqualTo(text);
        assertThat(body.at("/participant/email").asText()).isEqualTo(text.strip());
        assertThat(body.at("/participant/name").asText()).isEqualTo(text.strip());
        assertThat(body.at("/metadata/deal_id").asText()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"path: api", "linkPointer: url", "idPointer: id", "whenUnsure: maybe"})
    void aWrongParameterIsNamed(String wrong) {
        assertThatThrownBy(() -> begin(EVENT, wrong))
                .rootCause()
                .hasMessageContaining("The parameter " + wrong.substring(0, wrong.indexOf(':')));
    }
}

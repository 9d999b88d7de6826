package dev.caravan.sink.koji;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
class KojiInterviewActionTest {
    private static final String ROUTE = """
            - route:
                id: read
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: interview
                        uri: kamelet:koji-interview-action
                        parameters:
                          apiKey: koji_secret
                          baseUrl: BASE/
                          interviewId: "${body[id]}"
                          MORE
            """;

    private final WireMockServer standIn = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start() {
        OutboundRecorder.record(
                standIn, "http", "koji-interview-action", Hostile.SIMPLE, Hostile.PLACEHOLDER, Hostile.MERGE_TAGS);
    }

    @AfterEach
    void stop() {
        routes.close();
        standIn.stop();
    }

    private Exchange read(String id, String... more) throws Exception {
        routes.load(ROUTE.replace("BASE", standIn.baseUrl()).replace("MORE", String.join("\n" + " ".repeat(14), more)));
        return routes.event(Map.of("id", id));
    }

    private StepFailure failure(String... more) throws Exception {
        Exchange exchange = read("abc123", more);
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    private void answering(String json) {
        standIn.stubFor(any(anyUrl()).willReturn(okJson(json)));
    }

    private List<LoggedRequest> requests() {
        return standIn.findAll(anyRequestedFor(anyUrl()));
    }

    @Test
    void theInterviewBecomesAVariableAndTheBodyStaysTheEvent() throws Exception {
        answering("{\"analysis_status\":\"pending\",\"summary\":\"ü\",\"answers\":[{\"value\":4},{\"value\":false}]}");
        Exchange done = read("abc123");
        assertThat(done.getException()).isNull();
        assertThat(done.getVariable("interview"))
                .isEqualTo(Map.of(
                        "analysis_status",
                        "pending",
                        "summary",
                        "ü",
                        "answers",
                        List.of(Map.of("value", 4), Map.of("value", false))));
        assertThat(done.getMessage().getBody()).isEqualTo(Map.of("id", "abc123"));
        LoggedRequest request = requests().get(0);
        assertThat(request.getMethod().getName()).isEqualTo("GET");
        assertThat(request.getUrl()).isEqualTo("/api/v1/interviews/abc123");
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer koji_secret");
    }

    @Test
    void anAnalysisThatIsNotFinishedIsAskedForAgain() throws Exception {
        answering("{\"analysis_status\":\"processing\"}");
        Exchange early = read("abc123", "analysis: required");
        StepFailure failure = early.getException(StepFailure.class);
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PASSING);
        assertThat(failure.retryAfter()).isEmpty();
        assertThat(failure.isLimited()).isFalse();
        assertThat(early.getVariable("interview")).isNull();
        answering("{\"analysis_status\":\"Completed\"}");
        Exchange done = routes.event(Map.of("id", "abc123"));
        assertThat(done.getException()).isNull();
        assertThat(done.getVariable("interview")).isEqualTo(Map.of("analysis_status", "Completed"));
    }

    @Test
    void itsWaitAndItsPlaceCanBeSaid() throws Exception {
        answering("{\"data\":{\"state\":\"running\"},\"analysis_status\":\"completed\"}");
        assertThat(failure(
                                "analysis: required",
                                "analysisWait: 5m",
                                "statusPointer: /data/state",
                                "keyHeader: X-API-Key")
                        .retryAfter())
                .contains(Duration.ofMinutes(5));
        assertThat(requests().get(0).getHeader("X-API-Key")).isEqualTo("koji_secret");
        assertThat(requests().get(0).containsHeader("Authorization")).isFalse();
        answering("{\"data\":{\"state\":\"ready\"}}");
        assertThat(routes.event(Map.of("id", "abc123")).getException()).isNull();
    }

    @Test
    void anAnswerWithoutTheStateIsNotFinished() throws Exception {
        answering("{}");
        assertThat(failure("analysis: required").getMessage()).contains("/analysis_status");
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "401, PERMANENT",
        "403, PERMANENT",
        "404, PERMANENT",
        "408, PASSING",
        "429, PASSING",
        "500, PASSING",
        "502, PASSING",
        "503, PASSING",
        "504, PASSING"
    })
    void readingIsNeverUnsure(int status, StepFailure.Kind kind) throws Exception {
        standIn.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Retry-After", "3")
                        .withBody("why")));
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure.getMessage()).doesNotContain("koji_secret").doesNotContain("abc123");
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aLostAnswerPasses() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.PASSING);
        standIn.stop();
        assertThat(routes.event(Map.of("id", "abc123"))
                        .getException(StepFailure.class)
                        .kind())
                .isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void aPageInsteadOfJsonIsRefused() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withBody("<html>Log in</html>")));
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("baseUrl");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void anIdStaysOneSegmentOfThePath(String hostile) throws Exception {
        answering("{}");
        String id = hostile.substring(0, Math.min(200, hostile.length()));
        assertThat(read(id).getException()).isNull();
        String url = requests().get(0).getUrl();
        assertThat(url).startsWith("/api/v1/interviews/").matches("/api/v1/interviews/[A-Za-z0-9._*%-]+");
        String segment = url.substring("/api/v1/interviews/".length());
        assertThat(URLDecoder.decode(segment, StandardCharsets.UTF_8)).isEqualTo(Hostile.withoutControls(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", ".."})
    void anIdThatWouldLeadElsewhereIsRefused(String id) throws Exception {
        answering("{}");
        assertThat(read(id).getException(StepFailure.class).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"analysis: soon", "analysisWait: later", "statusPointer: status", "keyHeader: 'X: y'"})
    void aWrongParameterIsNamed(String wrong) {
        assertThatThrownBy(() -> read("abc123", wrong))
                .rootCause()
                .hasMessageContaining("The parameter " + wrong.substring(0, wrong.indexOf(':')));
    }
}

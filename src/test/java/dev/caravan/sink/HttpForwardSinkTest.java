package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpForwardSinkTest {
    private static final byte[] RECEIVED = "{ \"b\" : 1,\r\n \"a\":\"é🚐\" }".getBytes(StandardCharsets.UTF_8);
    private static final String ROUTE = """
            - route:
                id: forwarded
                from:
                  uri: direct:in
                  steps:
                    - setHeader:
                        id: leaking
                        name: X-Koji-Signature
                        constant: sha256=00
                    - to:
                        id: post
                        uri: kamelet:http-forward-sink
                        parameters:
                          url: "BASE/hooks/catch?a=1&b=%20+2&n=${body[name]}"
                          secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
            """;

    private final WireMockServer standIn = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(ok()));
        OutboundRecorder.record(standIn, "http", "http-forward-sink", "${body}");
        routes.load(ROUTE.replace("BASE", standIn.baseUrl()));
    }

    @AfterEach
    void stop() {
        routes.close();
        standIn.stop();
    }

    private List<LoggedRequest> requests() {
        return standIn.findAll(anyRequestedFor(anyUrl()));
    }

    private StepFailure failure() {
        Exchange exchange = routes.event(Map.of("name", "x"), RECEIVED);
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    @Test
    void theEventArrivesByteForByteAndSigned() throws Exception {
        Exchange done = routes.event(Map.of("name", "a&b=/c d"), RECEIVED);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(Map.of("name", "a&b=/c d"));
        LoggedRequest request = requests().get(0);
        assertThat(request.getMethod().getName()).isEqualTo("POST");
        assertThat(request.getBody()).isEqualTo(RECEIVED);
        assertThat(request.getUrl()).isEqualTo("/hooks/catch?a=1&b=%20+2&n=a%26b%3D%2Fc%20d");
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(request.getHeader("X-Event-Id")).isEqualTo("evt_1");
        assertThat(request.getHeader("Idempotency-Key")).isEqualTo("msg_evt_1_7");
        assertThat(request.getHeader("webhook-id")).isEqualTo("msg_evt_1_7");
        assertThat(request.getHeader("webhook-timestamp")).isEqualTo(Long.toString(SinkRoutes.NOW.getEpochSecond()));
        assertThat(request.getHeader("webhook-signature")).isEqualTo("v1," + expectedSignature());
    }

    private static String expectedSignature() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "HmacSHA256"));
        mac.update(("msg_evt_1_7." + SinkRoutes.NOW.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(mac.doFinal(RECEIVED));
    }

    @Test
    void nothingOfTheExchangeIsSentAlong() {
        routes.event(Map.of("name", "x"), RECEIVED);
        assertThat(requests().get(0).getHeaders().keys())
                .extracting(String::toLowerCase)
                .containsExactlyInAnyOrder(
                        "accept-encoding",
                        "connection",
                        "content-length",
                        "content-type",
                        "host",
                        "idempotency-key",
                        "user-agent",
                        "webhook-id",
                        "webhook-signature",
                        "webhook-timestamp",
                        "x-event-id");
        assertThat(requests().get(0).getHeader("User-Agent")).isEqualTo("Caravan");
    }

    @Test
    void fieldsOfItsOwnArePostedInsteadOfTheEvent() throws Exception {
        String parameters = """
                fields: "name: ${body[name]}\\nscore: ${body[score]}\\ntags: ${body[tags]}\\nfixed: true\\nno: ${body[no]}"
                              authorization: "Bearer ${body[key]}"
                """;
        String yaml = ROUTE.replace("BASE", standIn.baseUrl())
                .replace("secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", parameters);
        String name = "\"}, {\"x\": \"😀${body}";
        try (SinkRoutes own = SinkRoutes.sending().load(yaml)) {
            Exchange done = own.event(
                    Map.of("name", name + "\0", "score", 4.5, "tags", List.of("a", "b"), "key", "k\r\n"), RECEIVED);
            assertThat(done.getException()).isNull();
        }
        LoggedRequest request = requests().get(0);
        assertThat(new ObjectMapper().readValue(request.getBody(), Object.class))
                .isEqualTo(Map.of("name", name, "score", 4.5, "tags", List.of("a", "b"), "fixed", true));
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer k");
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "401, PERMANENT",
        "404, PERMANENT",
        "408, PASSING",
        "410, PERMANENT",
        "425, PASSING",
        "429, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "503, PASSING"
    })
    void aRefusalIsSentOnceAndClassified(int status, StepFailure.Kind kind) {
        standIn.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Retry-After", "1")
                        .withHeader("Location", "/elsewhere")
                        .withBody("why")));
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(failure.responseExcerpt()).contains("why");
        assertThat(failure.getMessage()).doesNotContain("hooks");
        assertThat(failure).hasNoCause();
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "hook.eu1.make.com, 400, PASSING",
        "hook.eu1.make.com, 404, PERMANENT",
        "hook.eu1.make.com, 410, PERMANENT",
        "hook.eu1.make.com, 429, PASSING",
        "hook.integromat.com, 400, PASSING",
        "notmake.com, 400, PERMANENT",
        "n8n.example, 404, PERMANENT",
        "hooks.zapier.com, 410, PERMANENT"
    })
    void whatMakeRefusesWithA400Passes(String host, int status, StepFailure.Kind kind) throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody("Queue is full.")));
        Sinks captured = new Sinks(
                SinkRoutes.CLOCK,
                Destinations.capturedAt(standIn.port()),
                DownloadRules.none(),
                statement -> true,
                Budgets.none());
        try (SinkRoutes toHost = new SinkRoutes(captured)) {
            Exchange exchange =
                    toHost.load(ROUTE.replace("BASE", "https://" + host)).event(Map.of("name", "x"), RECEIVED);
            StepFailure failure = exchange.getException(StepFailure.class);
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.httpStatus()).isEqualTo(status);
            assertThat(failure.responseExcerpt()).contains("Queue is full.");
            assertThat(failure.isLimited()).isEqualTo(status == 429);
        }
    }

    @Test
    void aRetryAfterDateCounts() {
        standIn.stubFor(any(anyUrl())
                .willReturn(aResponse().withStatus(503).withHeader("Retry-After", "Sun, 01 Mar 2026 11:00:00 GMT")));
        assertThat(failure().retryAfter()).contains(Duration.ofHours(1));
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.UNSURE);
        assertThat(requests()).hasSize(1);
        standIn.stop();
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void noUrlOrSecretStandsInAnyUri() {
        routes.event(Map.of("name", "x"), RECEIVED);
        assertThat(routes.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains("catch") || uri.contains("whsec"));
    }
}

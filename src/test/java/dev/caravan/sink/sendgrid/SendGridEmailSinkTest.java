package dev.caravan.sink.sendgrid;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.email.HostileLiterals;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SendGridEmailSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    private static final String ROUTE = """
            - route:
                id: mailed
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: mail
                        uri: kamelet:sendgrid-email-sink
                        parameters:
                          apiKey: KEY
                          baseUrl: BASE/
                          from: research@example.com
                          fromName: "${body[team]}"
                          to: "lead@example.com, ${body[name]} <zoe@example.org>, ${body[others]}"
                          replyTo: desk@example.com
                          subject: "New: ${body[title]}"
                          body: |-
                            Said **${body[name]}**: ${body[quote]}

                            - ${body[points]}
                          categories: "research, ${body[title]}"
            """;

    private final WireMockServer sendGrid = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start(TestInfo test) throws Exception {
        sendGrid.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(202).withHeader("X-Message-Id", "m1")));
        OutboundRecorder.record(sendGrid, "sendgrid", test.getDisplayName(), HostileLiterals.all());
        routes.load(ROUTE.replace("BASE", sendGrid.baseUrl()).replace("KEY", KEY));
    }

    @AfterEach
    void stop() {
        routes.close();
        sendGrid.stop();
    }

    private static Map<String, Object> event(Map<String, ?> changes) {
        Map<String, Object> event = new HashMap<>(
                Map.of("team", "Research", "name", "Zoë", "title", "Churn", "quote", "It broke.", "points", "price"));
        event.putAll(changes);
        return event;
    }

    private List<LoggedRequest> requests() {
        return sendGrid.findAll(anyRequestedFor(anyUrl()));
    }

    private StepFailure failure() {
        Exchange done = routes.event(event(Map.of()));
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        StepFailure failure = done.getException(StepFailure.class);
        assertThat(failure).hasMessageNotContaining("@").hasMessageNotContaining("SG.");
        return failure;
    }

    @Test
    void oneRequestHasAllRecipientsAndBothParts() throws Exception {
        Exchange done = routes.event(event(Map.of("others", List.of("LEAD@example.com", "max@example.net"))));
        assertThat(done.getException()).isNull();
        LoggedRequest request = requests().get(0);
        assertThat(requests()).hasSize(1);
        assertThat(request.getMethod().getName()).isEqualTo("POST");
        assertThat(request.getUrl()).isEqualTo("/v3/mail/send");
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer " + KEY);
        JsonNode sent = JSON.readTree(request.getBody());
        String key = sent.at("/personalizations/0/custom_args/caravan_delivery").asText();
        assertThat(key).matches("[0-9a-f]{64}");
        assertThat(sent).isEqualTo(JSON.readTree("""
                {"personalizations": [{
                   "to": [{"email": "lead@example.com"}, {"email": "zoe@example.org", "name": "Zoë"},
                          {"email": "max@example.net"}],
                   "custom_args": {"caravan_delivery": "HASH"}}],
                 "from": {"email": "research@example.com", "name": "Research"},
                 "reply_to": {"email": "desk@example.com"},
                 "subject": "New: Churn",
                 "content": [
                   {"type": "text/plain", "value": "Said Zoë: It broke.\\n\\n- price"},
                   {"type": "text/html", "value": "<!DOCTYPE html><html><head><meta charset=\\"utf-8\\"></head><body><p>Said <strong>Zoë</strong>: It broke.</p><ul><li>price</li></ul></body></html>"}],
                 "categories": ["research", "Churn"]}
                """.replace("HASH", key)));
    }

    @Test
    void everyAttemptHasTheSameKey() throws Exception {
        routes.event(event(Map.of()));
        routes.event(event(Map.of()));
        assertThat(requests())
                .extracting(LoggedRequest::getBodyAsString)
                .hasSize(2)
                .allMatch(body -> body.equals(requests().get(0).getBodyAsString()));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueIsText(String value) throws Exception {
        Exchange done = routes.event(event(Map.of(
                "team", value, "name", value, "title", value, "quote", value, "points", List.of(value, "second"))));
        assertThat(done.getException()).isNull();
        JsonNode sent = JSON.readTree(requests().get(0).getBody());
        assertThat(sent.at("/personalizations/0/to").findValuesAsText("email"))
                .containsExactly("lead@example.com", "zoe@example.org");
        assertThat(sent.path("subject").asText())
                .isEqualTo(TextLimit.cut("New: " + Escaping.HEADER.escape(value), 250));
        assertThat(sent.at("/from/name").asText()).hasSizeLessThanOrEqualTo(64).doesNotContain("\n", "\r");
        assertThat(Hostile.words(sent.at("/content/0/value").asText())).contains(Hostile.words(value));
        assertThat(sent.at("/content/1/value").asText()).doesNotContain("<script", "<img", "</ac");
        sent.path("categories")
                .forEach(category -> assertThat(category.asText()).hasSizeLessThanOrEqualTo(255));
    }

    @Test
    void anAddressThatIsNoneIsPermanentAndSendsNothing() {
        Exchange done = routes.event(event(Map.of("others", "a@b.example, victim@evil.example")));
        assertThat(done.getException(StepFailure.class).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(done.getException()).hasMessageContaining("parameter to").hasMessageNotContaining("evil");
        assertThat(requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, PERMANENT",
        "401, PERMANENT",
        "403, PERMANENT",
        "404, PERMANENT",
        "405, PERMANENT",
        "406, PERMANENT",
        "413, PERMANENT",
        "500, UNSURE",
        "502, UNSURE",
        "503, UNSURE"
    })
    void anErrorIsSentOnceAndClassified(int status, StepFailure.Kind kind) {
        sendGrid.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withBody("{\"errors\":[{\"message\":\"why\",\"field\":\"from\",\"help\":null}]}")));
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure.responseExcerpt().orElseThrow()).contains("why");
        assertThat(failure.isLimited()).isFalse();
        assertThat(requests()).hasSize(1);
    }

    @Test
    void theRateLimitEndsWhenItsHeaderSays() {
        long reset = SinkRoutes.NOW.plusSeconds(90).getEpochSecond();
        sendGrid.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(429)
                        .withHeader("X-RateLimit-Limit", "600")
                        .withHeader("X-RateLimit-Remaining", "0")
                        .withHeader("X-RateLimit-Reset", String.valueOf(reset))));
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PASSING);
        assertThat(failure.isLimited()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(90));
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() {
        sendGrid.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.UNSURE);
        assertThat(requests()).hasSize(1);
        sendGrid.stop();
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void aWrongParameterIsNamed() {
        assertThatThrownBy(() -> routes.load(ROUTE.replace("id: mailed", "id: wrong")
                        .replace("direct:in", "direct:wrong")
                        .replace("BASE/", "ftp://x")))
                .rootCause()
                .hasMessageContaining("http");
    }

    @Test
    void noSecretStandsInAnyUri() {
        routes.event(event(Map.of()));
        assertThat(routes.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains("SG."));
    }
}

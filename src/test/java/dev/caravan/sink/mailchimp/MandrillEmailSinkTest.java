package dev.caravan.sink.mailchimp;

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
import dev.caravan.sink.Escaping;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.email.HostileLiterals;
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
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MandrillEmailSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "md-abcdefghijklmnopqrst";
    private static final String SENT =
            "[{\"email\":\"lead@example.com\",\"status\":\"sent\",\"_id\":\"1\",\"reject_reason\":null}]";
    private static final String ROUTE = """
            - route:
                id: mailed
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: mail
                        uri: kamelet:mandrill-email-sink
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
                          tags: "research, _${body[title]}"
            """;

    private final WireMockServer mandrill = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start(TestInfo test) throws Exception {
        mandrill.stubFor(any(anyUrl()).willReturn(okJson(SENT)));
        OutboundRecorder.record(mandrill, "mandrill", test.getDisplayName(), HostileLiterals.all());
        routes.load(ROUTE.replace("BASE", mandrill.baseUrl()).replace("KEY", KEY));
    }

    @AfterEach
    void stop() {
        routes.close();
        mandrill.stop();
    }

    private static Map<String, Object> event(Map<String, ?> changes) {
        Map<String, Object> event = new HashMap<>(
                Map.of("team", "Research", "name", "Zoë", "title", "Churn", "quote", "It broke.", "points", "price"));
        event.putAll(changes);
        return event;
    }

    private List<LoggedRequest> requests() {
        return mandrill.findAll(anyRequestedFor(anyUrl()));
    }

    private StepFailure failure() {
        Exchange done = routes.event(event(Map.of()));
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        StepFailure failure = done.getException(StepFailure.class);
        assertThat(failure).hasMessageNotContaining("@").hasMessageNotContaining("md-");
        return failure;
    }

    @Test
    void oneRequestHasAllRecipientsAndBothParts() throws Exception {
        Exchange done = routes.event(event(Map.of("others", List.of("LEAD@example.com", "max@example.net"))));
        assertThat(done.getException()).isNull();
        LoggedRequest request = requests().get(0);
        assertThat(requests()).hasSize(1);
        assertThat(request.getMethod().getName()).isEqualTo("POST");
        assertThat(request.getUrl()).isEqualTo("/api/1.0/messages/send");
        assertThat(request.getHeader("Authorization")).isNull();
        JsonNode sent = JSON.readTree(request.getBody());
        String key = sent.at("/message/metadata/caravan_delivery").asText();
        assertThat(key).matches("[0-9a-f]{64}");
        assertThat(sent).isEqualTo(JSON.readTree("""
                {"key": "KEY",
                 "message": {
                   "from_email": "research@example.com", "from_name": "Research",
                   "to": [{"email": "lead@example.com", "type": "to"},
                          {"email": "zoe@example.org", "type": "to", "name": "Zoë"},
                          {"email": "max@example.net", "type": "to"}],
                   "headers": {"Reply-To": "desk@example.com"},
                   "subject": "New: Churn",
                   "text": "Said Zoë: It broke.\\n\\n- price",
                   "html": "<!DOCTYPE html><html><head><meta charset=\\"utf-8\\"></head><body><p>Said <strong>Zoë</strong>: It broke.</p><ul><li>price</li></ul></body></html>",
                   "merge": false,
                   "tags": ["research", "Churn"],
                   "metadata": {"caravan_delivery": "HASH"}},
                 "async": false}
                """.replace("HASH", key).replace("KEY", KEY)));
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
        assertThat(sent.at("/message/to").findValuesAsText("email"))
                .containsExactly("lead@example.com", "zoe@example.org");
        assertThat(sent.at("/message/subject").asText())
                .isEqualTo(TextLimit.cut("New: " + Escaping.HEADER.escape(value), 250));
        assertThat(sent.at("/message/from_name").asText())
                .hasSizeLessThanOrEqualTo(64)
                .doesNotContain("\n", "\r");
        assertThat(Hostile.words(sent.at("/message/text").asText())).contains(Hostile.words(value));
        assertThat(sent.at("/message/html").asText()).doesNotContain("<script", "<img", "</ac");
        sent.at("/message/tags")
                .forEach(tag ->
                        assertThat(tag.asText()).hasSizeLessThanOrEqualTo(50).doesNotStartWith("_"));
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
        "401, Invalid_Key, PERMANENT",
        "500, Invalid_Key, PERMANENT",
        "500, ValidationError, PERMANENT",
        "402, PaymentRequired, PERMANENT",
        "500, PaymentRequired, PERMANENT",
        "404, Unknown_Subaccount, PERMANENT",
        "500, GeneralError, UNSURE",
        "500, ServiceUnavailable, PASSING",
        "429, RequestLimitExceeded, PASSING",
        "500, RequestLimitExceeded, PASSING",
        "429, GeneralError, PASSING",
        "429, Something_New, PASSING"
    })
    void anErrorIsJudgedByItsName(int status, String name, StepFailure.Kind kind) {
        mandrill.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withBody("{\"status\":\"error\",\"code\":-1,\"name\":\"" + name
                                + "\",\"message\":\"why me@example.com\"}")));
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure).hasMessageContaining(name);
        assertThat(failure.isLimited()).isEqualTo(name.equals("RequestLimitExceeded") || status == 429);
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400, PERMANENT", "404, PERMANENT", "429, PASSING", "500, UNSURE", "502, UNSURE", "503, UNSURE"})
    void anAnswerThatIsNotItsApisIsJudgedByItsStatus(int status, StepFailure.Kind kind) {
        mandrill.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody("<html>gateway</html>")));
        assertThat(failure()).returns(kind, StepFailure::kind).returns(status, StepFailure::httpStatus);
    }

    @ParameterizedTest
    @CsvSource({
        "rejected, '\"hard-bounce\"', hard-bounce",
        "rejected, '\"unsub\"', unsub",
        "invalid, null, invalid",
        "rejected, '\"a@b.example said <no>\"', rejected"
    })
    void aRejectedRecipientIsPermanentWithItsReason(String status, String reason, String told) {
        mandrill.stubFor(any(anyUrl())
                .willReturn(okJson(SENT.replace(
                        "]",
                        ",{\"email\":\"zoe@example.org\",\"status\":\"" + status + "\",\"reject_reason\":" + reason
                                + ",\"_id\":\"2\"}]"))));
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("1 of 2 recipients (" + told + "), the others have the message");
        mandrill.stubFor(
                any(anyUrl()).willReturn(okJson("[{\"status\":\"" + status + "\",\"reject_reason\":" + reason + "}]")));
        assertThat(failure()).hasMessageEndingWith("1 of 1 recipients (" + told + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "scheduled", "sent"})
    void aRecipientWhoseMessageIsTakenIsASuccess(String status) {
        mandrill.stubFor(any(anyUrl()).willReturn(okJson(SENT.replace("sent", status))));
        assertThat(routes.event(event(Map.of())).getException()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "<html>"})
    void aSuccessWithoutRecipientsIsUnsure(String body) {
        mandrill.stubFor(any(anyUrl()).willReturn(aResponse().withBody(body)));
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() {
        mandrill.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.UNSURE);
        assertThat(requests()).hasSize(1);
        mandrill.stop();
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
                .noneMatch(uri -> uri.contains("md-"));
    }
}

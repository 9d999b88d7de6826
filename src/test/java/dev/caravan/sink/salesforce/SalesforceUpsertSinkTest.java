package dev.caravan.sink.salesforce;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.Look;
import dev.caravan.sink.SinkRoutes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SalesforceUpsertSinkTest {
    private static final String ROUTE = """
            - route:
                id: upserted
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: record
                        uri: kamelet:salesforce-upsert-sink
                        parameters:
                          loginUrl: URL
                          clientId: client
                          clientSecret: secret
                          apiVersion: v67.0
                          object: Interview__c
                          externalIdField: Koji_Id__c
                          externalId: "${body[id]}"
                          fields: "Status__c: done\\nScore__c: ${body[score]}\\nRemote__c: true\\nText__c: ${body[text]}"
            """;

    private final SalesforceStandIn org =
            new SalesforceStandIn("salesforce-upsert-sink", Hostile.SIMPLE, Hostile.PLACEHOLDER, Hostile.MERGE_TAGS);
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void load() throws Exception {
        routes.load(ROUTE.replace("URL", org.url()));
    }

    @AfterEach
    void stop() {
        routes.close();
        org.close();
    }

    private List<LoggedRequest> upserts() {
        return org.server.getAllServeEvents().stream()
                .map(event -> event.getRequest())
                .filter(request -> request.getMethod().getName().equals("PATCH"))
                .toList();
    }

    private void answers(ResponseDefinitionBuilder answer) {
        org.server.stubFor(
                patch(urlPathMatching("/services/data/v67.0/sobjects/.*")).willReturn(answer));
    }

    private StepFailure failure(Map<String, Object> event) {
        Exchange done = routes.event(event);
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        return done.getException(StepFailure.class);
    }

    @Test
    void theRecordIsNamedByItsExternalId() throws Exception {
        Map<String, Object> event = Map.of("id", "int/1 ä?", "score", 8.5);
        Exchange done = routes.event(event);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(event);
        LoggedRequest sent = upserts().get(0);
        assertThat(sent.getUrl())
                .isEqualTo("/services/data/v67.0/sobjects/Interview__c/Koji_Id__c/int%2F1%20%C3%A4%3F");
        assertThat(JsonMapper.builder().build().readTree(sent.getBodyAsString()).toString())
                .isEqualTo("{\"Status__c\":\"done\",\"Score__c\":8.5,\"Remote__c\":true}");
        answers(aResponse()
                .withStatus(200)
                .withBody("{\"id\":\"a01000000000001AAA\",\"success\":true,\"created\":false,\"errors\":[]}"));
        assertThat(routes.event(event).getException()).isNull();
        answers(aResponse().withStatus(204));
        assertThat(routes.event(event).getException()).isNull();
        assertThat(upserts()).extracting(LoggedRequest::getBodyAsString).containsOnly(sent.getBodyAsString());
    }

    @ParameterizedTest
    @CsvSource({
        "300, '[\"/services/data/v67.0/sobjects/Interview__c/a01\"]', PERMANENT",
        "400, '[{\"message\":\"x\",\"errorCode\":\"REQUIRED_FIELD_MISSING\",\"fields\":[\"A__c\"]}]', PERMANENT",
        "400, '[{\"message\":\"x\",\"errorCode\":\"UNABLE_TO_LOCK_ROW\"}]', PASSING",
        "401, '[{\"message\":\"x\",\"errorCode\":\"INVALID_SESSION_ID\"}]', PASSING",
        "403, '[{\"message\":\"TotalRequests\",\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]', PASSING",
        "404, '[{\"message\":\"x\",\"errorCode\":\"NOT_FOUND\"}]', PERMANENT",
        "500, '', UNSURE",
        "502, '<html>', UNSURE",
        "503, '', PASSING"
    })
    void aRefusalIsClassified(int status, String body, Kind kind) {
        answers(aResponse().withStatus(status).withBody(body));
        StepFailure failure = failure(Map.of("id", "1"));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure).hasNoCause();
    }

    @Test
    void aLostAnswerIsUnsureAndARepeatChangesNothing() throws Exception {
        answers(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(failure(Map.of("id", "1")).kind()).isEqualTo(Kind.UNSURE);
        assertThat(routes.look(Map.of("id", "1"))).isInstanceOf(Look.Absent.class);
    }

    @Test
    void anIdThatNamesNoRecordIsRefused() {
        for (String id : List.of("", " ", ".", "..", "x".repeat(256))) {
            assertThat(failure(Map.of("id", id)).kind()).isEqualTo(Kind.PERMANENT);
        }
        assertThat(failure(Map.of()).getMessage()).contains("externalId");
        assertThat(upserts()).isEmpty();
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        for (String value : Hostile.values()) {
            Map<String, Object> event = new HashMap<>(Map.of("text", value));
            event.put("id", value.substring(0, Math.min(100, value.length())).strip());
            assertThat(routes.event(event).getException()).isNull();
            LoggedRequest sent = upserts().get(0);
            assertThat(JsonMapper.builder()
                            .build()
                            .readTree(sent.getBodyAsString())
                            .path("Text__c")
                            .asText())
                    .isEqualTo(Hostile.withoutControls(value));
            String path = sent.getUrl();
            assertThat(path.chars().filter(one -> one == '/').count()).isEqualTo(7);
            assertThat(Hostile.words(
                            URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8)))
                    .isEqualTo(Hostile.words(String.valueOf(event.get("id")).replaceAll("\\p{Cc}+", " ")));
        }
    }

    @Test
    void wrongParametersAreNamed() {
        assertThatThrownBy(() -> load("object: Interview__c", "object: a/b")).hasStackTraceContaining("object");
        assertThatThrownBy(() -> load("Status__c: done", "Koji_Id__c: done")).hasStackTraceContaining("externalId");
    }

    private void load(String part, String other) throws Exception {
        try (SinkRoutes own = SinkRoutes.sending()) {
            own.load(ROUTE.replace("URL", org.url()).replace(part, other));
        }
    }
}

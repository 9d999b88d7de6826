package dev.caravan.sink.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.SinkRoutes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HubspotContactSinkTest {
    private static final String UPSERT = "/crm/v3/objects/contacts/batch/upsert";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, Object> EVENT =
            Map.of("email", "ana@example.com", "score", 8.50, "count", 3, "yes", true, "x", "a < b\nc & d");

    private final HubspotStandIn hubspot = new HubspotStandIn("hubspot-contact-sink");
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start() throws Exception {
        hubspot.takes(UPSERT, "101");
        routes.load("""
                - route:
                    id: contact
                    from:
                      uri: direct:in
                      steps:
                        - to:
                            id: person
                            uri: kamelet:hubspot-contact-sink
                            parameters:
                              token: pat-eu1-test
                              baseUrl: URL/
                              email: "${body[email]}"
                              properties: "score: ${body[score]}\\ncount: ${body[count]}\\nyes: ${body[yes]}\\nlabel: L ${body[x]}\\nnone: ${body[absent]}"
                              note: "${body[x]}"
                """.replace("URL", hubspot.url()));
    }

    @AfterEach
    void stop() {
        routes.close();
        hubspot.close();
    }

    private StepFailure failure(Map<String, Object> event) {
        Exchange done = routes.event(event);
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        return done.getException(StepFailure.class);
    }

    @Test
    void theContactIsUpsertedAndGetsTheNote() throws Exception {
        Exchange done = routes.event(EVENT);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(EVENT);
        assertThat(hubspot.newest(UPSERT)).isEqualTo(JSON.readTree("""
                {"inputs":[{"idProperty":"email","id":"ana@example.com",
                "properties":{"score":"8.5","count":"3","yes":"true","label":"L a < b\\nc & d"}}]}"""));
        JsonNode note = hubspot.newest(HubspotStandIn.NOTES);
        String body = note.path("properties").path("hs_note_body").asText();
        assertThat(body).matches("<p>a &lt; b<br/>c &amp; d</p><p>Ref\\. caravan-[0-9a-f]{16}</p>");
        assertThat(note.path("properties").path("hs_timestamp").asText()).isEqualTo("1772359200000");
        assertThat(note.path("associations")).isEqualTo(JSON.readTree("""
                [{"to":{"id":"101"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":202}]}]"""));
        LoggedRequest sent = hubspot.requests(UPSERT).get(0);
        assertThat(sent.getHeader("Authorization")).isEqualTo("Bearer pat-eu1-test");
        assertThat(hubspot.requests(HubspotStandIn.NOTES).get(0).getHeader("Authorization"))
                .isEqualTo("Bearer pat-eu1-test");
    }

    @Test
    void aSecondAttemptSendsTheSame() throws Exception {
        routes.event(EVENT);
        JsonNode upsert = hubspot.newest(UPSERT);
        JsonNode note = hubspot.newest(HubspotStandIn.NOTES);
        routes.event(EVENT);
        assertThat(hubspot.newest(UPSERT)).isEqualTo(upsert);
        assertThat(hubspot.newest(HubspotStandIn.NOTES)).isEqualTo(note);
    }

    @Test
    void whatTheEventDoesNotSayIsLeftOut() throws Exception {
        assertThat(routes.event(Map.of("email", "ana@example.com")).getException())
                .isNull();
        assertThat(hubspot.newest(UPSERT)
                        .path("inputs")
                        .get(0)
                        .path("properties")
                        .toString())
                .isEqualTo("{\"email\":\"ana@example.com\"}");
        assertThat(hubspot.requests(HubspotStandIn.NOTES)).isEmpty();
    }

    @Test
    void withoutAnAddressNothingIsSent() {
        for (String email : List.of("", "nobody", "a@example.com, b@example.com", Hostile.CRLF)) {
            assertThat(failure(Map.of("email", email, "x", "y")).kind()).isEqualTo(Kind.PERMANENT);
        }
        assertThat(failure(Map.of()).getMessage()).contains("e-mail", "email");
        assertThat(hubspot.server.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, VALIDATION_ERROR, PERMANENT",
        "401, INVALID_AUTHENTICATION, PERMANENT",
        "403, MISSING_SCOPES, PERMANENT",
        "404, OBJECT_NOT_FOUND, PERMANENT",
        "409, CONFLICT, PERMANENT",
        "423, LOCKED, PASSING",
        "477, MIGRATION_IN_PROGRESS, PASSING",
        "500, INTERNAL, UNSURE",
        "502, BAD_GATEWAY, UNSURE",
        "503, UNAVAILABLE, PASSING",
        "504, TIMEOUT, UNSURE"
    })
    void aRefusalIsClassifiedAndNoNoteIsSent(int status, String category, Kind kind) {
        hubspot.answers(
                "POST",
                UPSERT,
                aResponse()
                        .withStatus(status)
                        .withHeader("Retry-After", "7")
                        .withBody("{\"status\":\"error\",\"message\":\"secret\",\"correlationId\":\"c\",\"category\":\""
                                + category + "\"}"));
        StepFailure failure = failure(EVENT);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure.isLimited()).isFalse();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(failure)
                .hasMessageContaining(category)
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThat(hubspot.requests(HubspotStandIn.NOTES)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TEN_SECONDLY_ROLLING, 10s",
        "SECONDLY, 10s",
        "DAILY, 14h",
    })
    void aLimitIsWaitedForAsItsPolicySays(String policy, String wait) {
        hubspot.answers("POST", UPSERT, 429, """
                {"status":"error","message":"You have reached your limit.","errorType":"RATE_LIMIT","policyName":"%s"}""".formatted(policy));
        StepFailure failure = failure(EVENT);
        assertThat(failure.kind()).isEqualTo(Kind.PASSING);
        assertThat(failure.isLimited()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.parse("PT" + wait));
    }

    @Test
    void aBatchThatFailedWithAStatusOfSuccessIsAFailure() {
        hubspot.answers("POST", UPSERT, 207, """
                {"status":"COMPLETE","results":[],"numErrors":1,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"Property values were not valid"}]}""");
        assertThat(failure(EVENT).kind()).isEqualTo(Kind.PERMANENT);
        hubspot.answers("POST", UPSERT, 207, """
                {"status":"COMPLETE","results":[],"numErrors":1,"errors":[{"status":"error","category":"RATE_LIMITS","message":"x"}]}""");
        assertThat(failure(EVENT).isLimited()).isTrue();
        hubspot.answers("POST", UPSERT, 200, "{\"status\":\"PENDING\",\"results\":[]}");
        assertThat(failure(EVENT).kind()).isEqualTo(Kind.UNSURE);
        assertThat(hubspot.requests(HubspotStandIn.NOTES)).isEmpty();
    }

    @Test
    void anUnsureNoteIsLookedForAmongTheContactsNotes() throws Exception {
        hubspot.answers("POST", HubspotStandIn.NOTES, aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(failure(EVENT).kind()).isEqualTo(Kind.UNSURE);
        assertThat(routes.look(EVENT)).as("no such contact").isInstanceOf(Look.Absent.class);
        hubspot.answers("GET", "/crm/v3/objects/contacts/ana%40example.com", 200, "{\"id\":\"101\",\"properties\":{}}");
        hubspot.answers("GET", "/crm/v4/objects/contacts/101/associations/notes", 200, "{\"results\":[]}");
        assertThat(routes.look(EVENT)).as("no notes").isInstanceOf(Look.Absent.class);
        hubspot.answers("GET", "/crm/v4/objects/contacts/101/associations/notes", 200, """
                {"results":[{"toObjectId":7,"associationTypes":[]},{"toObjectId":12,"associationTypes":[]}]}""");
        hubspot.answers("POST", "/crm/v3/objects/notes/batch/read", 200, """
                {"status":"COMPLETE","results":[{"id":"7","properties":{"hs_note_body":"<p>other</p>"}}]}""");
        assertThat(routes.look(EVENT)).as("other notes").isInstanceOf(Look.Absent.class);
        assertThat(hubspot.newest("/crm/v3/objects/notes/batch/read")
                        .path("inputs")
                        .findValuesAsText("id"))
                .containsExactly("12", "7");
        hubspot.answers("POST", "/crm/v3/objects/notes/batch/read", 200, """
                {"status":"COMPLETE","results":[{"id":"12","properties":{"hs_note_body":"%s"}}]}""".formatted(looked()));
        assertThat(ofTheSameDelivery()).as("the note").isInstanceOf(Look.Found.class);
        assertThat(ofDelivery("8")).as("that of another delivery").isInstanceOf(Look.Absent.class);
        hubspot.answers("POST", "/crm/v3/objects/notes/batch/read", 207, """
                {"status":"COMPLETE","results":[{"id":"12","properties":{"hs_note_body":"%s"}}],
                "numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"gone"}]}""".formatted(looked()));
        assertThat(ofTheSameDelivery()).as("beside one that is gone").isInstanceOf(Look.Found.class);
        hubspot.answers("POST", "/crm/v3/objects/notes/batch/read", 500, "{}");
        assertThat(catchThrowableOfType(StepFailure.class, () -> routes.look(EVENT))
                        .kind())
                .as("a question changes nothing")
                .isEqualTo(Kind.PASSING);
    }

    /** HubSpot gives 500 associations a page and promises no order of them. */
    @Test
    void aNoteBeyondTheFirstPageIsFound() throws Exception {
        hubspot.answers("POST", HubspotStandIn.NOTES, aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(failure(EVENT).kind()).isEqualTo(Kind.UNSURE);
        hubspot.answers("GET", "/crm/v3/objects/contacts/ana%40example.com", 200, "{\"id\":\"101\",\"properties\":{}}");
        String path = "/crm/v4/objects/contacts/101/associations/notes";
        hubspot.answers("GET", path, 200, """
                {"results":[{"toObjectId":7}],"paging":{"next":{"after":"NTAw/+=","link":"https://elsewhere.example"}}}""");
        hubspot.answers("GET", path, "after", "NTAw/+=", "{\"results\":[{\"toObjectId\":12}]}");
        hubspot.answers("POST", "/crm/v3/objects/notes/batch/read", 200, """
                {"status":"COMPLETE","results":[{"id":"12","properties":{"hs_note_body":"%s"}}]}""".formatted(looked()));
        assertThat(ofTheSameDelivery()).isInstanceOf(Look.Found.class);
        assertThat(hubspot.newest("/crm/v3/objects/notes/batch/read")
                        .path("inputs")
                        .findValuesAsText("id"))
                .containsExactly("12", "7");
    }

    @Test
    void anAnswerWithoutAssociationsTellsNothing() throws Exception {
        hubspot.answers("GET", "/crm/v3/objects/contacts/ana%40example.com", 200, "{\"id\":\"101\",\"properties\":{}}");
        hubspot.answers("GET", "/crm/v4/objects/contacts/101/associations/notes", 200, "{}");
        assertThat(catchThrowableOfType(StepFailure.class, () -> routes.look(EVENT))
                        .kind())
                .isEqualTo(Kind.PASSING);
    }

    /** The note as it was sent. */
    private String looked() throws Exception {
        return hubspot.newest(HubspotStandIn.NOTES)
                .path("properties")
                .path("hs_note_body")
                .asText();
    }

    private @Nullable Look ofTheSameDelivery() {
        return ofDelivery("7");
    }

    private @Nullable Look ofDelivery(String id) {
        LookRequest request = new LookRequest(SinkRoutes.NOW);
        routes.camel.createProducerTemplate().request("direct:in", exchange -> {
            exchange.getIn().setBody(EVENT);
            exchange.setVariable("deliveryId", id);
            exchange.setProperty(LookRequest.PROPERTY, request);
        });
        return request.answer();
    }

    @Test
    void withoutANoteARepeatChangesNothing() throws Exception {
        assertThat(routes.look(Map.of("email", "ana@example.com"))).isInstanceOf(Look.Absent.class);
        assertThat(hubspot.server.getAllServeEvents()).isEmpty();
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        for (String value : Hostile.values()) {
            assertThat(routes.event(Map.of("email", "ana@example.com", "x", value))
                            .getException())
                    .isNull();
            String label = hubspot.newest(UPSERT)
                    .path("inputs")
                    .get(0)
                    .path("properties")
                    .path("label")
                    .asText();
            assertThat(label).hasSizeLessThanOrEqualTo(65_536);
            assertThat("L " + Hostile.withoutControls(value)).startsWith(label.replace("…", ""));
            String body = hubspot.newest(HubspotStandIn.NOTES)
                    .path("properties")
                    .path("hs_note_body")
                    .asText();
            assertThat(body).hasSizeLessThanOrEqualTo(65_536);
            assertThat(body.replaceAll("</?p>|<br/>", "")).doesNotContain("<");
        }
    }
}

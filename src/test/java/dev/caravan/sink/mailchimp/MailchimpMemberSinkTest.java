package dev.caravan.sink.mailchimp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
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
import dev.caravan.sink.email.HostileLiterals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
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
class MailchimpMemberSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "0123456789abcdef0123456789abcdef-us21";
    /** MD5 of zoe@example.org. */
    private static final String MEMBER = "/3.0/lists/a1b2c3d4e5/members/710c98997fe6293238987eee67b9d7dd";

    private static final String ROUTE = """
            - route:
                id: kept
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: member
                        uri: kamelet:mailchimp-member-sink
                        parameters:
                          apiKey: KEY
                          baseUrl: BASE
                          listId: a1b2c3d4e5
                          email: "${body[email]}"
                          statusIfNew: pending
                          mergeFields: |
                            FNAME: ${body[name]}
                            SCORE: ${body[score]}
                            DONE: true
                            NONE: ${body[none]}
                          tags: "interviewed, Study ${body[study]}, ${body[topics]}"
                          journeyEvent: "${body[event]}"
            """;

    private final WireMockServer mailchimp = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start(TestInfo test) throws Exception {
        mailchimp.stubFor(put(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"status\":\"pending\"}")));
        mailchimp.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(204)));
        OutboundRecorder.record(mailchimp, "mailchimp", test.getDisplayName(), HostileLiterals.all());
        routes.load(ROUTE.replace("BASE", mailchimp.baseUrl()).replace("KEY", KEY));
    }

    @AfterEach
    void stop() {
        routes.close();
        mailchimp.stop();
    }

    private static Map<String, Object> event(Map<String, ?> changes) {
        Map<String, Object> event = new HashMap<>(Map.of(
                "email", "Zoe@Example.org", "name", "Zoë", "score", 87, "study", "Churn", "event", "interview_done"));
        event.putAll(changes);
        return event;
    }

    /** In the order of their arrival. */
    private List<LoggedRequest> requests() {
        return mailchimp.findAll(anyRequestedFor(anyUrl()));
    }

    private StepFailure failure(Map<String, ?> changes) {
        Exchange done = routes.event(event(changes));
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        StepFailure failure = done.getException(StepFailure.class);
        assertThat(failure).hasMessageNotContaining("@").hasMessageNotContaining("us21");
        return failure;
    }

    private static JsonNode json(LoggedRequest request) throws Exception {
        return JSON.readTree(request.getBody());
    }

    @Test
    void theMemberIsKeptThenTaggedThenTheEventIsTold() throws Exception {
        Exchange done = routes.event(event(Map.of("topics", List.of("price", "price", "speed"))));
        assertThat(done.getException()).isNull();
        assertThat(requests())
                .extracting(request -> request.getMethod() + " " + request.getUrl())
                .containsExactly(
                        "PUT " + MEMBER + "?skip_merge_validation=true",
                        "POST " + MEMBER + "/tags",
                        "POST " + MEMBER + "/events");
        assertThat(requests())
                .allMatch(request -> request.getHeader("Authorization")
                        .equals("Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("caravan:" + KEY).getBytes(StandardCharsets.UTF_8))));
        assertThat(json(requests().get(0))).isEqualTo(JSON.readTree("""
                {"email_address": "Zoe@Example.org", "status_if_new": "pending",
                 "merge_fields": {"FNAME": "Zoë", "SCORE": 87, "DONE": "true"}}"""));
        assertThat(json(requests().get(1))).isEqualTo(JSON.readTree("""
                {"tags": [{"name": "interviewed", "status": "active"}, {"name": "Study Churn", "status": "active"},
                          {"name": "price", "status": "active"}, {"name": "speed", "status": "active"}],
                 "is_syncing": false}"""));
        String key = json(requests().get(2)).at("/properties/caravan_delivery").asText();
        assertThat(key).matches("[0-9a-f]{64}");
        assertThat(json(requests().get(2)).path("name").asText()).isEqualTo("interview_done");
    }

    @Test
    void aSecondAttemptSendsTheSame() {
        routes.event(event(Map.of()));
        routes.event(event(Map.of()));
        List<String> bodies =
                requests().stream().map(LoggedRequest::getBodyAsString).toList();
        assertThat(bodies.subList(3, 6)).isEqualTo(bodies.subList(0, 3));
    }

    @Test
    void whatIsEmptyIsNotSent() throws Exception {
        routes.load(ROUTE.replace("BASE", mailchimp.baseUrl())
                .replace("KEY", KEY)
                .replace("id: kept", "id: bare")
                .replace("direct:in", "direct:bare")
                .replaceAll("(?s)mergeFields.*tags: \"[^\"]*\"", "tags: \"\\${body[topics]}\""));
        Exchange done = routes.camel
                .createProducerTemplate()
                .request("direct:bare", exchange -> exchange.getIn().setBody(event(Map.of("event", ""))));
        assertThat(done.getException()).isNull();
        assertThat(requests()).hasSize(1);
        assertThat(json(requests().get(0)))
                .isEqualTo(JSON.readTree("{\"email_address\": \"Zoe@Example.org\", \"status_if_new\": \"pending\"}"));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueIsText(String value) throws Exception {
        Exchange done = routes.event(event(Map.of("name", value, "score", value, "study", value, "topics", value)));
        assertThat(done.getException()).isNull();
        String expected = Hostile.withoutControls(value);
        String name = json(requests().get(0)).at("/merge_fields/FNAME").asText();
        assertThat(expected).startsWith(name);
        assertThat(name.getBytes(StandardCharsets.UTF_8).length)
                .isBetween(Math.min(250, expected.getBytes(StandardCharsets.UTF_8).length), 255);
        json(requests().get(1))
                .path("tags")
                .findValuesAsText("name")
                .forEach(tag -> assertThat(tag).hasSizeLessThanOrEqualTo(100).doesNotContain("\n"));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileAddressOrEventIsRefusedForGood(String value) {
        assertThat(failure(Map.of("email", value)).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(requests()).isEmpty();
        Exchange done = routes.event(event(Map.of("event", value)));
        boolean sent = requests().stream().anyMatch(request -> request.getUrl().endsWith("/events"));
        assertThat(sent).isEqualTo(done.getException() == null);
        assertThat(done.getException() == null || done.getException() instanceof StepFailure)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "400, Invalid Resource, PERMANENT",
        "400, Member In Compliance State, PERMANENT",
        "400, Forgotten Email Not Subscribed, PERMANENT",
        "401, API Key Invalid, PERMANENT",
        "403, Forbidden, PERMANENT",
        "404, Resource Not Found, PERMANENT",
        "429, Too Many Requests, PASSING",
        "500, Internal Server Error, PASSING",
        "503, Service Unavailable, PASSING"
    })
    void aProblemIsToldByItsTitle(int status, String title, StepFailure.Kind kind) {
        mailchimp.stubFor(put(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "application/problem+json")
                        .withBody("{\"type\":\"t\",\"title\":\"" + title + "\",\"status\":" + status
                                + ",\"detail\":\"zoe@example.org is no\",\"instance\":\"i\"}")));
        StepFailure failure = failure(Map.of());
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure).hasMessageContaining(status == 429 ? "too much at once" : title);
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"403", "429"})
    void aRefusalWithoutJsonIsTheRateLimit(int status) {
        mailchimp.stubFor(
                put(anyUrl()).willReturn(aResponse().withStatus(status).withBody("<html>Forbidden</html>")));
        assertThat(failure(Map.of()))
                .returns(true, StepFailure::isLimited)
                .returns(StepFailure.Kind.PASSING, StepFailure::kind);
    }

    @Test
    void aLostAnswerPassesWhereARepetitionIsHarmless() {
        mailchimp.stubFor(put(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure(Map.of()).kind()).isEqualTo(StepFailure.Kind.PASSING);
        mailchimp.stubFor(put(anyUrl()).willReturn(okJson("{}")));
        mailchimp.stubFor(post(urlMatching(".*/tags")).willReturn(aResponse().withStatus(502)));
        assertThat(failure(Map.of()).kind()).isEqualTo(StepFailure.Kind.PASSING);
        assertThat(requests()).noneMatch(request -> request.getUrl().endsWith("/events"));
    }

    @Test
    void aLostAnswerToTheEventIsUnsure() {
        mailchimp.stubFor(post(urlMatching(".*/events")).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure(Map.of()).kind()).isEqualTo(StepFailure.Kind.UNSURE);
        mailchimp.stubFor(post(urlMatching(".*/events")).willReturn(aResponse().withStatus(500)));
        assertThat(failure(Map.of()).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @Test
    void noServerIsPassing() {
        mailchimp.stop();
        assertThat(failure(Map.of()).kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void anAccountHasEightRequestsUnderWayAtMost() throws Exception {
        MailchimpConnections connections = MailchimpConnections.of(routes.camel);
        assertThat(MailchimpConnections.of(routes.camel)).isSameAs(connections);
        List<MailchimpConnections.Place> taken = new ArrayList<>();
        for (int i = 0; i < MailchimpConnections.LIMIT; i++) {
            taken.add(connections.take("a"));
        }
        Thread ninth = new Thread(() -> {
            try {
                connections.take("a").giveBack();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        ninth.start();
        connections.take("b").giveBack();
        ninth.join(200);
        assertThat(ninth.isAlive()).isTrue();
        taken.get(0).giveBack();
        ninth.join(10_000);
        assertThat(ninth.isAlive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'baseUrl: BASE', '', apiKey",
        "a1b2c3d4e5, ../../x, listId",
        "statusIfNew: pending, statusIfNew: cleaned, statusIfNew",
        "FNAME:, first name:, mergeFields",
        "'${body[email]}', nobody, email"
    })
    void aWrongParameterIsNamed(String part, String other, String name) {
        assertThatThrownBy(() -> routes.load(ROUTE.replace(part, other)
                        .replace("BASE", "http://localhost")
                        .replace("KEY", "no data center")
                        .replace("id: kept", "id: wrong")
                        .replace("direct:in", "direct:wrong")))
                .rootCause()
                .hasMessageContaining("mailchimp-member-sink")
                .hasMessageContaining(name);
    }
}

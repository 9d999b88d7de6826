package dev.caravan.sink.linear;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.HostileLiterals;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.InstanceOfAssertFactory;
import org.assertj.core.api.MapAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LinearIssueSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstanceOfAssertFactory<?, MapAssert<String, Object>> TOLD =
            InstanceOfAssertFactories.map(String.class, Object.class);
    private static final String TEAM = "9cfb482a-81e3-4154-b5b9-2c805e70a02d";
    private static final String LABEL = "4e30b6c2-4d7b-4a44-a2d6-5a2f2d5b6a10";
    private static final String USER = "5cbf2b0f-0d42-4e38-9f0c-2a3a5b1b7d55";
    private static final String ROUTE = """
            - route:
                id: ticketed
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: issue
                        uri: kamelet:linear-issue-sink
                        parameters:
                          apiKey: lin_api_0123456789
                          baseUrl: BASE
                          teamId: 9cfb482a-81e3-4154-b5b9-2c805e70a02d
                          title: "Act on ${body[name]}"
            """;
    private static final String FULL = ROUTE + """
                          description: |
                            **Evidence**: ${body[text]}
                            - ${body[items]}
                          priority: ${body[priority]}
                          labelIds: "4E30B6C2-4d7b-4a44-a2d6-5a2f2d5b6a10,${body[labels]}"
                          assigneeId: 5cbf2b0f-0d42-4e38-9f0c-2a3a5b1b7d55
                          projectId: ${body[project]}
                          dueDate: 2026-04-01
                          issueKeyVariable: ticket
            """;

    private final WireMockServer linear = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start(TestInfo test) {
        creating(answer(200, """
                {"data":{"issueCreate":{"success":true,
                  "issue":{"id":"ID","identifier":"ENG-7","url":"https://linear.app/x/issue/ENG-7"}}}}"""));
        finding(answer(200, notFound()));
        OutboundRecorder.record(linear, "linear", test.getDisplayName(), HostileLiterals.all());
    }

    @AfterEach
    void stop() {
        routes.close();
        linear.stop();
    }

    private void creating(ResponseDefinitionBuilder answer) {
        linear.stubFor(post(urlEqualTo("/graphql"))
                .withRequestBody(containing("\"query\":\"mutation"))
                .willReturn(answer));
    }

    private void finding(ResponseDefinitionBuilder answer) {
        linear.stubFor(post(urlEqualTo("/graphql"))
                .withRequestBody(containing("\"query\":\"query"))
                .willReturn(answer));
    }

    private static ResponseDefinitionBuilder answer(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    private static String error(String type, String code) {
        return "{\"errors\":[{\"message\":\"Secret text\",\"extensions\":{\"type\":\"" + type + "\",\"code\":\"" + code
                + "\"}}],\"data\":null}";
    }

    private static String notFound() {
        return error("invalid input", "INPUT_ERROR");
    }

    private static String existing(String id) {
        return "{\"data\":{\"issue\":{\"id\":\"" + id
                + "\",\"identifier\":\"ENG-7\",\"url\":\"https://linear.app/x/issue/ENG-7\"}}}";
    }

    private SinkRoutes route(String yaml) throws Exception {
        return routes.load(yaml.replace("BASE", linear.baseUrl()));
    }

    private List<LoggedRequest> requests() {
        return linear.findAll(anyRequestedFor(anyUrl()));
    }

    private JsonNode body(int index) throws Exception {
        return JSON.readTree(requests().get(index).getBody());
    }

    private JsonNode input() throws Exception {
        return body(0).path("variables").path("input");
    }

    private static StepFailure failure(Exchange exchange) {
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    @Test
    void anIssueIsMadeUnderTheDeliverysIdAndTold() throws Exception {
        Exchange done = route(ROUTE).event(Map.of("name", "Sarah"));
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(Map.of("name", "Sarah"));
        assertThat(requests()).hasSize(1);
        assertThat(requests().get(0).getHeader("Authorization")).isEqualTo("lin_api_0123456789");
        String id = input().path("id").asText();
        assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(body(0)).isEqualTo(JSON.readTree("""
                {"query": "mutation($input: IssueCreateInput!){issueCreate(input: $input){success issue{id identifier url}}}",
                 "variables": {"input": {"id": "%s", "teamId": "%s", "title": "Act on Sarah"}}}""".formatted(id, TEAM)));
        assertThat(done.getVariable("linearIssue"))
                .isEqualTo(Map.of("key", "ENG-7", "id", "ID", "url", "https://linear.app/x/issue/ENG-7"));
    }

    @Test
    void everyFieldArrives() throws Exception {
        Exchange done = route(FULL)
                .event(Map.of(
                        "name",
                        "x",
                        "text",
                        "one\ntwo",
                        "items",
                        List.of("a", "b"),
                        "priority",
                        2,
                        "labels",
                        List.of(USER, LABEL)));
        assertThat(done.getException()).isNull();
        assertThat(input())
                .isEqualTo(JSON.readTree("""
                {"id": "%s", "teamId": "%s", "title": "Act on x",
                 "description": "**Evidence**: one\\\\\\ntwo\\n\\n- a\\n- b", "priority": 2,
                 "labelIds": ["%s", "%s"], "assigneeId": "%s", "dueDate": "2026-04-01"}""".formatted(input().path("id").asText(), TEAM, LABEL, USER, USER)));
        assertThat(done.getVariable("ticket")).asInstanceOf(TOLD).containsEntry("key", "ENG-7");
    }

    @Test
    void anAccessTokenStandsAfterBearer() throws Exception {
        route(ROUTE.replace("lin_api_", "lin_oauth_")).event(Map.of("name", "x"));
        assertThat(requests().get(0).getHeader("Authorization")).isEqualTo("Bearer lin_oauth_0123456789");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueIsTextEverywhere(String value) throws Exception {
        Exchange done = route(FULL).event(Map.of("name", value, "text", value, "items", List.of(value)));
        assertThat(done.getException()).isNull();
        assertThat(body(0).path("query").asText()).startsWith("mutation($input: IssueCreateInput!)");
        String title = input().path("title").asText();
        assertThat(title.length()).isLessThanOrEqualTo(255);
        assertThat(title).doesNotContain("\n", "\r", "\0");
        String line = Hostile.words(Escaping.HEADER.escape(value));
        assertThat(Hostile.words(title))
                .startsWith("Act on "
                        + line.substring(0, Math.min(line.length(), 20)).strip());
        assertThat(input().path("description").asText().length()).isBetween(1, 100_000);
    }

    @Test
    void anIdOfAPayloadMustBeOne() throws Exception {
        route(ROUTE + """
                          assigneeId: "${body[who]}"
                          priority: "${body[priority]}"
            """);
        assertThat(failure(routes.event(Map.of("name", "x", "who", Hostile.JSON))))
                .hasMessageContaining("assigneeId")
                .hasMessageNotContaining("admin");
        assertThat(failure(routes.event(Map.of("name", "x", "priority", "urgent"))))
                .hasMessageContaining("priority");
        assertThat(requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "200, invalid input, INPUT_ERROR, PERMANENT",
        "200, user error, '', PERMANENT",
        "401, authentication error, AUTHENTICATION_ERROR, PERMANENT",
        "200, forbidden, FORBIDDEN, PERMANENT",
        "200, Forbidden, '', PERMANENT",
        "400, graphql error, GRAPHQL_VALIDATION_FAILED, PERMANENT",
        "400, '', GRAPHQL_VALIDATION_FAILED, PERMANENT",
        "200, usage limit exceeded, '', PERMANENT",
        "200, feature not accessible, '', PERMANENT",
        "400, ratelimited, RATELIMITED, PASSING",
        "400, '', RATELIMITED, PASSING",
        "200, Ratelimited, '', PASSING",
        "200, lock timeout, '', PASSING",
        "200, LockTimeout, '', PASSING",
        "200, internal error, INTERNAL_SERVER_ERROR, UNSURE",
        "200, network error, '', UNSURE",
        "200, other, '', UNSURE",
        "429, other, '', PASSING"
    })
    void anErrorIsJudgedByItsTypeWhateverTheStatus(int status, String type, String code, StepFailure.Kind kind)
            throws Exception {
        creating(answer(status, error(type, code)).withHeader("Retry-After", "3"));
        StepFailure failure = failure(route(ROUTE).event(Map.of("name", "x")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isLimited())
                .isEqualTo(
                        status == 429 || (type + code).toUpperCase(Locale.ROOT).contains("RATELIMITED"));
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(failure.getMessage()).doesNotContain("Secret");
        assertThat(failure.responseExcerpt())
                .hasValueSatisfying(body -> assertThat(body).contains("Secret"));
    }

    @ParameterizedTest
    @CsvSource({"400, PERMANENT", "404, PERMANENT", "429, PASSING", "503, PASSING", "500, UNSURE", "504, UNSURE"})
    void aStatusCountsWhereThereIsNoError(int status, StepFailure.Kind kind) throws Exception {
        creating(answer(status, "<html>"));
        StepFailure failure = failure(route(ROUTE).event(Map.of("name", "x")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aLimitLastsUntilItsReset() throws Exception {
        long reset = SinkRoutes.NOW.plusSeconds(90).toEpochMilli();
        creating(answer(400, error("ratelimited", "RATELIMITED"))
                .withHeader("X-RateLimit-Requests-Reset", Long.toString(reset)));
        assertThat(failure(route(ROUTE).event(Map.of("name", "x"))).retryAfter())
                .contains(Duration.ofSeconds(90));
    }

    @Test
    void successIsWhatTheBodySays() throws Exception {
        route(ROUTE);
        creating(answer(200, "{\"data\":{\"issueCreate\":{\"success\":false,\"issue\":null}}}"));
        assertThat(failure(routes.event(Map.of("name", "x"))).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        creating(answer(200, "{\"data\":null}"));
        assertThat(failure(routes.event(Map.of("name", "x"))).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() throws Exception {
        route(ROUTE);
        creating(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(failure(routes.event(Map.of("name", "x"))).kind()).isEqualTo(StepFailure.Kind.UNSURE);
        assertThat(requests()).hasSize(1);
        linear.stop();
        assertThat(failure(routes.event(Map.of("name", "x"))).kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void anIdThatIsTakenMeansThatTheIssueIsThere() throws Exception {
        route(ROUTE).event(Map.of("name", "x"));
        String id = input().path("id").asText();
        creating(answer(200, error("invalid input", "INPUT_ERROR")));
        finding(answer(200, existing(id)));
        Exchange again = routes.event(Map.of("name", "x"));
        assertThat(again.getException()).isNull();
        assertThat(again.getVariable("linearIssue"))
                .asInstanceOf(TOLD)
                .containsEntry("key", "ENG-7")
                .containsEntry("id", id);
        assertThat(requests()).hasSize(3);
        assertThat(body(1)).isEqualTo(body(0));
        assertThat(body(2)).isEqualTo(JSON.readTree("""
                {"query": "query($id: String!){issue(id: $id){id identifier url}}", "variables": {"id": "%s"}}""".formatted(id)));
    }

    @Test
    void itLooksByTheId() throws Exception {
        route(ROUTE).event(Map.of("name", "x"));
        String id = input().path("id").asText();
        LookRequest request = new LookRequest(SinkRoutes.NOW);
        finding(answer(200, existing(id)));
        Exchange asked = routes.ask(Map.of("name", "x"), request);
        assertThat(request.answer()).isEqualTo(new Look.Found());
        assertThat(asked.getVariable("linearIssue")).asInstanceOf(TOLD).containsEntry("key", "ENG-7");
        for (String absent : List.of(notFound(), "{\"data\":{\"issue\":null}}")) {
            finding(answer(200, absent));
            assertThat(routes.look(Map.of("name", "x"))).isEqualTo(new Look.Absent());
        }
    }

    @ParameterizedTest
    @CsvSource({"500, <html>", "200, '{}'", "401, '{\"errors\":[{\"extensions\":{\"type\":\"authentication error\"}}]}'"
    })
    void aLookThatFailsTellsNothing(int status, String body) throws Exception {
        finding(answer(status, body));
        LookRequest request = new LookRequest(SinkRoutes.NOW);
        assertThat(route(ROUTE).ask(Map.of("name", "x"), request).getException())
                .isInstanceOf(StepFailure.class);
        assertThat(request.answer()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'baseUrl: BASE', 'baseUrl: linear', baseUrl",
        "'teamId: 9cfb482a-81e3-4154-b5b9-2c805e70a02d', 'teamId: ENG', teamId",
        "'apiKey: lin_api_0123456789', 'dueDate: 2026-04-01', apiKey",
        "'baseUrl: BASE', 'dueDate: soon', dueDate"
    })
    void aWrongParameterIsNamed(String from, String to, String named) {
        assertThatThrownBy(() -> route(ROUTE.replace(from, to)))
                .rootCause()
                .hasMessageContaining(named)
                .hasMessageNotContaining("lin_api");
    }

    @Test
    void noSecretStandsInAnyUri() throws Exception {
        route(ROUTE).event(Map.of("name", "x"));
        assertThat(routes.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains("lin_api"));
    }
}

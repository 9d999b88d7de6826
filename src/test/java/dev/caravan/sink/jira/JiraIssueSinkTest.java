package dev.caravan.sink.jira;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.HostileLiterals;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
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

class JiraIssueSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstanceOfAssertFactory<?, MapAssert<String, Object>> TOLD =
            InstanceOfAssertFactories.map(String.class, Object.class);
    private static final String ISSUES = "/rest/api/3/issue";
    private static final String SEARCH = "/rest/api/3/search/jql";
    private static final LookRequest LATER = new LookRequest(SinkRoutes.NOW.minusSeconds(31));
    private static final String MADE =
            "{\"id\":\"10000\",\"key\":\"RES-24\",\"self\":\"https://x/rest/api/3/issue/10000\"}";
    private static final String ROUTE = """
            - route:
                id: ticketed
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: issue
                        uri: kamelet:jira-issue-sink
                        parameters:
                          baseUrl: BASE/
                          email: bot@example.com
                          token: ATATT-token
                          project: RES
                          summary: "Follow up with ${body[name]}"
            """;
    private static final String FULL = ROUTE + """
                          issueType: Story
                          description: |
                            # Why
                            **Churn risk**: ${body[text]}
                            - ${body[items]}
                            [Transcript](${body[url]})
                          priority: ${body[priority]}
                          labels: "research, ${body[tags]}, ${body[name]}"
                          assignee: 5b10a2844c20165700ede21g
                          dueDate: ${body[due]}
                          fields: |
                            customfield_10010: ${body[score]}
                            customfield_10011 (option): ${body[name]}
                            customfield_10012 (options): ${body[tags]}
                            customfield_10013 (paragraph): ${body[text]}
                            customfield_10014 (user): 5b10a2844c20165700ede21g
                            customfield_10015: ${body[text]}
                            customfield_10016: ${body[missing]}
                            components: ${body[tags]}
                            parent: RES-1
                          issueKeyVariable: ticket
            """;

    private final WireMockServer jira = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start(TestInfo test) {
        jira.stubFor(
                post(urlEqualTo(ISSUES)).willReturn(aResponse().withStatus(201).withBody(MADE)));
        OutboundRecorder.record(jira, "jira", test.getDisplayName(), HostileLiterals.all());
    }

    @AfterEach
    void stop() {
        routes.close();
        jira.stop();
    }

    private SinkRoutes route(String yaml) throws Exception {
        return routes.load(yaml.replace("BASE", jira.baseUrl()));
    }

    private List<LoggedRequest> requests() {
        return jira.findAll(anyRequestedFor(anyUrl()));
    }

    private JsonNode fields() throws Exception {
        return JSON.readTree(requests().get(requests().size() - 1).getBody()).path("fields");
    }

    private static StepFailure failure(Exchange exchange) {
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    @Test
    void anIssueIsMadeAndTold() throws Exception {
        Exchange done = route(ROUTE).event(Map.of("name", "Sarah"));
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(Map.of("name", "Sarah"));
        assertThat(requests()).hasSize(1);
        LoggedRequest request = requests().get(0);
        assertThat(request.getUrl()).isEqualTo(ISSUES);
        assertThat(request.getHeader("Authorization"))
                .isEqualTo("Basic "
                        + Base64.getEncoder()
                                .encodeToString("bot@example.com:ATATT-token".getBytes(StandardCharsets.UTF_8)));
        String label = fields().path("labels").get(0).asText();
        assertThat(label).matches("caravan-[0-9a-f]{32}");
        assertThat(JSON.readTree(request.getBody())).isEqualTo(JSON.readTree("""
                {"fields": {"project": {"key": "RES"}, "issuetype": {"name": "Task"}, "summary": "Follow up with Sarah",
                  "labels": ["%s"]}}""".formatted(label)));
        assertThat(done.getVariable("jiraIssue"))
                .isEqualTo(Map.of("key", "RES-24", "id", "10000", "url", jira.baseUrl() + "/browse/RES-24"));
    }

    @Test
    void everyFieldArrivesInItsShape() throws Exception {
        Exchange done = route(FULL)
                .event(Map.of(
                        "name", "Ann Lee",
                        "text", "one\ntwo",
                        "items", List.of("first", "second"),
                        "url", "https://koji.example/t/1",
                        "priority", "High",
                        "tags", List.of("pricing", "on boarding"),
                        "due", "2026-04-01T10:00:00Z",
                        "score", 8.5));
        assertThat(done.getException()).isNull();
        JsonNode fields = fields();
        String label = fields.path("labels").get(4).asText();
        assertThat(label).startsWith("caravan-");
        assertThat(fields).isEqualTo(JSON.readTree("""
                {"project": {"key": "RES"}, "issuetype": {"name": "Story"}, "summary": "Follow up with Ann Lee",
                 "description": {"version": 1, "type": "doc", "content": [
                   {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "Why"}]},
                   {"type": "paragraph", "content": [
                     {"type": "text", "text": "Churn risk", "marks": [{"type": "strong"}]},
                     {"type": "text", "text": ": one"}, {"type": "hardBreak"}, {"type": "text", "text": "two"}]},
                   {"type": "bulletList", "content": [
                     {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "first"}]}]},
                     {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "second"}]}]}]},
                   {"type": "paragraph", "content": [{"type": "text", "text": "Transcript",
                     "marks": [{"type": "link", "attrs": {"href": "https://koji.example/t/1"}}]}]}]},
                 "labels": ["research", "pricing", "on-boarding", "Ann-Lee", "%s"],
                 "priority": {"name": "High"}, "assignee": {"accountId": "5b10a2844c20165700ede21g"},
                 "duedate": "2026-04-01",
                 "customfield_10010": 8.5, "customfield_10011": {"value": "Ann Lee"},
                 "customfield_10012": [{"value": "pricing"}, {"value": "on boarding"}],
                 "customfield_10013": {"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": [
                   {"type": "text", "text": "one"}, {"type": "hardBreak"}, {"type": "text", "text": "two"}]}]},
                 "customfield_10014": {"accountId": "5b10a2844c20165700ede21g"},
                 "customfield_10015": "one two",
                 "components": [{"name": "pricing"}, {"name": "on boarding"}], "parent": {"key": "RES-1"}}
                """.formatted(label)));
        assertThat(done.getVariable("ticket")).asInstanceOf(TOLD).containsEntry("key", "RES-24");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueIsTextEverywhere(String value) throws Exception {
        Exchange done = route(FULL)
                .event(Map.of(
                        "name",
                        value,
                        "text",
                        value,
                        "items",
                        List.of(value),
                        "url",
                        value,
                        "priority",
                        value,
                        "tags",
                        List.of(value)));
        assertThat(done.getException()).isNull();
        JsonNode fields = fields();
        String summary = fields.path("summary").asText();
        assertThat(summary.length()).isLessThanOrEqualTo(255);
        assertThat(Hostile.words(summary)).isEqualTo(beginning("Follow up with " + value, 255));
        String text = text(fields.path("description"));
        assertThat(text.length()).isLessThanOrEqualTo(32_767);
        String words = Hostile.words(value);
        assertThat(Hostile.words(text)).contains(words.substring(0, Math.min(words.length(), 20_000)));
        assertThat(text(fields.path("customfield_10013")).length()).isLessThanOrEqualTo(32_767);
        fields.path("labels").forEach(label -> {
            assertThat(label.asText()).doesNotContainPattern("\\s");
            assertThat(label.asText().length()).isBetween(1, 255);
        });
    }

    /** As far as cutting leaves it. */
    private static String beginning(String value, int limit) {
        String words = Hostile.words(dev.caravan.sink.Escaping.HEADER.escape(value));
        return words.length() <= limit ? words : dev.caravan.sink.TextLimit.cut(words, limit);
    }

    private static String text(JsonNode node) {
        if (node.path("type").asText().equals("text")) {
            return node.path("text").asText();
        }
        if (node.path("type").asText().equals("hardBreak")) {
            return "\n";
        }
        return StreamSupport.stream(node.path("content").spliterator(), false)
                .map(JiraIssueSinkTest::text)
                .reduce("", String::concat);
    }

    @Test
    void theProjectOfAPayloadCannotLeaveTheQuery() throws Exception {
        route(ROUTE.replace("project: RES", "project: \"${body[project]}\""));
        Map<String, String> event = Map.of("name", "x", "project", "RES\" OR project = \"HR");
        StepFailure failure = failure(routes.event(event));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("project").hasMessageNotContaining("HR");
        assertThat(failure(routes.ask(event, LATER)).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(requests()).isEmpty();
    }

    @Test
    void eachAttemptHasTheSameLabel() throws Exception {
        route(ROUTE);
        List<String> labels = new ArrayList<>();
        for (int attempt = 0; attempt < 2; attempt++) {
            routes.event(Map.of("name", "x"));
            labels.add(fields().path("labels").get(0).asText());
        }
        assertThat(labels.get(1)).isEqualTo(labels.get(0));
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
        "408, PASSING",
        "429, PASSING",
        "503, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "504, UNSURE"
    })
    void aRefusalIsSentOnceAndClassified(int status, StepFailure.Kind kind) throws Exception {
        jira.stubFor(post(urlEqualTo(ISSUES))
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Retry-After", "9")
                        .withBody("{\"errorMessages\":[],\"errors\":{\"priority\":\"Secret is not a priority\"}}")));
        StepFailure failure = failure(route(ROUTE).event(Map.of("name", "x")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(9));
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure.getMessage()).doesNotContain("Secret");
        assertThat(failure.responseExcerpt())
                .hasValueSatisfying(body -> assertThat(body).contains("Secret"));
        assertThat(requests()).hasSize(1);
    }

    @Test
    void aRefusedFieldIsNamed() throws Exception {
        jira.stubFor(post(urlEqualTo(ISSUES))
                .willReturn(
                        aResponse().withStatus(400).withBody("{\"errors\":{\"priority\":\"x\",\"labels\":\"y\"}}")));
        assertThat(failure(route(ROUTE).event(Map.of("name", "x"))))
                .hasMessage("Jira answered 400 because of priority, labels");
    }

    @Test
    void aLimitWithoutRetryAfterLastsUntilItsReset() throws Exception {
        jira.stubFor(post(urlEqualTo(ISSUES))
                .willReturn(aResponse()
                        .withStatus(429)
                        .withHeader("X-RateLimit-Reset", "2026-03-01T10:02Z")
                        .withHeader("RateLimit-Reason", "jira-burst-based")));
        StepFailure failure = failure(route(ROUTE).event(Map.of("name", "x")));
        assertThat(failure.retryAfter()).contains(Duration.ofMinutes(2));
        assertThat(failure).hasMessage("Jira answered 429 (jira-burst-based)");
    }

    @Test
    void anAnswerWithoutAnIssueIsUnsure() throws Exception {
        jira.stubFor(post(urlEqualTo(ISSUES)).willReturn(aResponse().withBody("<html>Log in</html>")));
        assertThat(failure(route(ROUTE).event(Map.of("name", "x"))).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() throws Exception {
        jira.stubFor(post(urlEqualTo(ISSUES)).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        route(ROUTE);
        assertThat(failure(routes.event(Map.of("name", "x"))).kind()).isEqualTo(StepFailure.Kind.UNSURE);
        assertThat(requests()).hasSize(1);
        jira.stop();
        assertThat(failure(routes.event(Map.of("name", "x"))).kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void anIssueIsFoundByItsLabelAndTold() throws Exception {
        route(ROUTE).event(Map.of("name", "x"));
        String label = fields().path("labels").get(0).asText();
        jira.stubFor(post(urlEqualTo(SEARCH))
                .willReturn(okJson("{\"issues\":[{\"id\":\"10000\",\"key\":\"RES-24\"}],\"isLast\":true}")));
        LookRequest request = new LookRequest(SinkRoutes.NOW.minusSeconds(30));
        Exchange asked = routes.ask(Map.of("name", "x"), request);
        assertThat(request.answer()).isEqualTo(new Look.Found());
        assertThat(asked.getVariable("jiraIssue")).asInstanceOf(TOLD).containsEntry("key", "RES-24");
        assertThat(requests()).hasSize(2);
        assertThat(JSON.readTree(requests().get(1).getBody())).isEqualTo(JSON.readTree("""
                {"jql": "project = \\"RES\\" AND labels = \\"%s\\"", "fields": ["key"], "maxResults": 1}""".formatted(label)));
    }

    @Test
    void anIssueThatIsNotFoundIsAbsent() throws Exception {
        jira.stubFor(post(urlEqualTo(SEARCH)).willReturn(okJson("{\"issues\":[],\"isLast\":true}")));
        LookRequest request = new LookRequest(SinkRoutes.NOW.minusSeconds(31));
        route(ROUTE).ask(Map.of("name", "x"), request);
        assertThat(request.answer()).isEqualTo(new Look.Absent());
    }

    @Test
    void theSearchIsNotAskedBeforeItsIndexIsThere() throws Exception {
        LookRequest request = new LookRequest(SinkRoutes.NOW.minusSeconds(12));
        route(ROUTE).ask(Map.of("name", "x"), request);
        assertThat(request.answer()).isEqualTo(new Look.TooEarly(Duration.ofSeconds(18)));
        assertThat(requests()).isEmpty();
    }

    @Test
    void aSearchThatFailsTellsNothing() throws Exception {
        jira.stubFor(post(urlEqualTo(SEARCH)).willReturn(aResponse().withStatus(500)));
        LookRequest request = new LookRequest(SinkRoutes.NOW.minusSeconds(31));
        assertThat(route(ROUTE).ask(Map.of("name", "x"), request).getException())
                .isInstanceOf(StepFailure.class);
        assertThat(request.answer()).isNull();
        jira.stubFor(post(urlEqualTo(SEARCH)).willReturn(okJson("{}")));
        assertThat(failure(routes.ask(Map.of("name", "x"), request)).kind()).isEqualTo(StepFailure.Kind.PASSING);
        assertThat(request.answer()).isNull();
    }

    @Test
    void whatCannotBeSentIsPermanent() throws Exception {
        route(ROUTE.replace("\"Follow up with ${body[name]}\"", "\"${body[missing]}\""));
        assertThat(failure(routes.event(Map.of()))).hasMessageContaining("summary is empty");
        assertThat(requests()).isEmpty();
    }

    @Test
    void aPersonsAddressOrANonDateIsRefused() throws Exception {
        route(ROUTE + """
                          assignee: "${body[who]}"
                          dueDate: "${body[due]}"
            """);
        assertThat(failure(routes.event(Map.of("name", "x", "who", "a@b.example"))))
                .hasMessageContaining("account id");
        assertThat(failure(routes.event(Map.of("name", "x", "due", "soon")))).hasMessageContaining("dueDate");
        assertThat(requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'baseUrl: BASE/', 'baseUrl: jira', baseUrl",
        "'email: bot@example.com', 'api: data-center', api",
        "'project: RES', 'labels: x', project",
        "'token: ATATT-token', 'labels: x', token",
        "'email: bot@example.com', 'dueDate: soon', dueDate",
        "'email: bot@example.com', 'fields: \"summary: x\"', summary",
        "'email: bot@example.com', 'fields: \"customfield_1 (odd): x\"', odd"
    })
    void aWrongParameterIsNamed(String from, String to, String named) {
        assertThatThrownBy(() -> route(ROUTE.replace(from, to)))
                .rootCause()
                .hasMessageContaining(named)
                .hasMessageNotContaining("ATATT");
    }

    @Test
    void aCloudSiteNeedsTheAccountsAddress() {
        assertThatThrownBy(() -> routes.load(ROUTE.replace("BASE", "https://example.atlassian.net")
                        .replace("email: bot@example.com", "api: cloud")))
                .rootCause()
                .hasMessageContaining("email");
    }

    @Test
    void noSecretStandsInAnyUri() throws Exception {
        route(ROUTE).event(Map.of("name", "x"));
        assertThat(routes.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains("ATATT") || uri.contains("bot@"));
    }
}

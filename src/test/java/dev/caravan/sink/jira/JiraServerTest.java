package dev.caravan.sink.jira;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.HostileLiterals;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import java.util.List;
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
import org.junit.jupiter.params.provider.MethodSource;

class JiraServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstanceOfAssertFactory<?, MapAssert<String, Object>> TOLD =
            InstanceOfAssertFactories.map(String.class, Object.class);
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
                          baseUrl: BASE/jira
                          token: NjUyMzQ1Njc4OTAx
                          api: server
                          project: "10001"
                          summary: "${body[name]}"
                          description: |
                            # Why
                            **Said**: ${body[name]}
                          assignee: alee
                          fields: |
                            customfield_10013 (paragraph): ${body[name]}
                            reporter: bot
            """;

    private final WireMockServer jira = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start(TestInfo test) throws Exception {
        jira.stubFor(post(urlEqualTo("/jira/rest/api/2/issue"))
                .willReturn(aResponse().withStatus(201).withBody("{\"id\":\"10000\",\"key\":\"RES-24\"}")));
        OutboundRecorder.record(jira, "jira-dc", test.getDisplayName(), HostileLiterals.all());
        routes.load(ROUTE.replace("BASE", jira.baseUrl()));
    }

    @AfterEach
    void stop() {
        routes.close();
        jira.stop();
    }

    private LoggedRequest request() {
        List<LoggedRequest> all = jira.findAll(anyRequestedFor(anyUrl()));
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void aServerTakesWikiMarkupNamesAndAPersonalAccessToken() throws Exception {
        Exchange done = routes.event(Map.of("name", "{code}"));
        assertThat(done.getException()).isNull();
        LoggedRequest request = request();
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer NjUyMzQ1Njc4OTAx");
        JsonNode fields = JSON.readTree(request.getBody()).path("fields");
        assertThat(fields).isEqualTo(JSON.readTree("""
                {"project": {"id": "10001"}, "issuetype": {"name": "Task"}, "summary": "{code}",
                 "description": "h1. Why\\n\\n{*}Said{*}: \\\\{code\\\\}", "labels": ["%s"],
                 "assignee": {"name": "alee"}, "customfield_10013": "\\\\{code\\\\}", "reporter": {"name": "bot"}}
                """.formatted(
                        fields.path("labels").get(0).asText())));
        assertThat(done.getVariable("jiraIssue"))
                .asInstanceOf(TOLD)
                .containsEntry("url", jira.baseUrl() + "/jira/browse/RES-24");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueStaysWithinItsLimits(String value) throws Exception {
        assertThat(routes.event(Map.of("name", value)).getException()).isNull();
        JsonNode fields = JSON.readTree(request().getBody()).path("fields");
        assertThat(fields.path("description").asText().length()).isBetween(1, 32_767);
        assertThat(fields.path("customfield_10013").asText().length()).isLessThanOrEqualTo(32_767);
        assertThat(fields.path("summary").asText().length()).isBetween(1, 255);
        String words = Hostile.words(value);
        if (words.chars().allMatch(character -> Character.isLetterOrDigit(character) || character == ' ')) {
            assertThat(Hostile.words(fields.path("description").asText()))
                    .contains(words.substring(0, Math.min(words.length(), 20_000)));
        }
    }

    @Test
    void anIssueIsSearchedByItsLabel() throws Exception {
        jira.stubFor(post(urlEqualTo("/jira/rest/api/2/search"))
                .willReturn(okJson("{\"issues\":[{\"id\":\"10000\",\"key\":\"RES-24\"}],\"total\":1}")));
        LookRequest request = new LookRequest(SinkRoutes.NOW.minusSeconds(31));
        Exchange asked = routes.ask(Map.of("name", "x"), request);
        assertThat(request.answer()).isEqualTo(new Look.Found());
        assertThat(asked.getVariable("jiraIssue")).asInstanceOf(TOLD).containsEntry("key", "RES-24");
        assertThat(JSON.readTree(request().getBody()).path("jql").asText())
                .matches("project = \"10001\" AND labels = \"caravan-[0-9a-f]{32}\"");
    }
}

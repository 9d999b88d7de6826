package dev.caravan.sink.confluence;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
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
import org.xml.sax.InputSource;

class ConfluencePageSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstanceOfAssertFactory<?, MapAssert<String, Object>> TOLD =
            InstanceOfAssertFactories.map(String.class, Object.class);
    private static final String PAGES = "/wiki/api/v2/pages";
    private static final String TAKEN = "{\"statusCode\":400,\"data\":{\"authorized\":true},\"message\":"
            + "\"com.atlassian.api.BadRequestException: A page with this title already exists: "
            + "A page already exists with the same TITLE in this space\"}";
    private static final String ROUTE = """
            - route:
                id: paged
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: page
                        uri: kamelet:confluence-page-sink
                        parameters:
                          baseUrl: BASE/wiki/
                          email: bot@example.com
                          token: ATATT-token
                          spaceId: "65538"
                          parentId: "${body[parent]}"
                          title: "Report: ${body[name]}"
                          content: |
                            # Summary
                            ${body[text]}
                            - ${body[items]}
                            [Open](${body[url]})
            """;

    private final WireMockServer confluence = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start(TestInfo test) throws Exception {
        confluence.stubFor(post(urlEqualTo(PAGES))
                .willReturn(okJson("{\"id\":\"42\",\"title\":\"x\",\"_links\":{\"webui\":\"/spaces/RES/pages/42\","
                        + "\"base\":\"https://site.example/wiki\"}}")));
        OutboundRecorder.record(confluence, "confluence", test.getDisplayName(), HostileLiterals.all());
        routes.load(ROUTE.replace("BASE", confluence.baseUrl()));
    }

    @AfterEach
    void stop() {
        routes.close();
        confluence.stop();
    }

    private List<LoggedRequest> requests() {
        return confluence.findAll(anyRequestedFor(anyUrl()));
    }

    private JsonNode sent(int index) throws Exception {
        return JSON.readTree(requests().get(index).getBody());
    }

    private void search(String... titles) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("results");
        for (String title : titles) {
            answer.withArray("results")
                    .addObject()
                    .put("id", "42")
                    .put("title", title)
                    .putObject("_links")
                    .put("webui", "/spaces/RES/pages/42");
        }
        answer.putObject("_links");
        confluence.stubFor(get(urlPathEqualTo(PAGES)).willReturn(okJson(answer.toString())));
    }

    private StepFailure failure(Map<String, ?> event) {
        return failure(routes.event(event));
    }

    private static StepFailure failure(Exchange exchange) {
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    @Test
    void aPageIsMadeAndTold() throws Exception {
        Map<String, Object> event = Map.of(
                "name",
                "Q1",
                "parent",
                98304,
                "text",
                "Fish & chips\n<b>",
                "items",
                List.of("a", "b"),
                "url",
                "https://koji.example/r/1?a=1&b=2");
        Exchange done = routes.event(event);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(event);
        assertThat(requests()).hasSize(1);
        assertThat(requests().get(0).getHeader("Authorization")).startsWith("Basic ");
        String title = sent(0).path("title").asText();
        assertThat(title).matches("Report: Q1 \\[[0-9a-f]{8}]");
        assertThat(sent(0)).isEqualTo(JSON.readTree("""
                {"spaceId": "65538", "status": "current", "title": "%s", "parentId": "98304", "body": {
                  "representation": "storage", "value": "<h1>Summary</h1><p>Fish &amp; chips<br/>&lt;b&gt;</p>\
                <ul><li>a</li><li>b</li></ul><p><a href=\\"https://koji.example/r/1?a=1&amp;b=2\\">Open</a></p>"}}""".formatted(title)));
        assertThat(done.getVariable("confluencePage"))
                .isEqualTo(Map.of("key", "42", "id", "42", "url", "https://site.example/wiki/spaces/RES/pages/42"));
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueIsTextEverywhere(String value) throws Exception {
        assertThat(routes.event(Map.of("name", value, "text", value, "items", List.of(value), "url", value))
                        .getException())
                .isNull();
        String title = sent(0).path("title").asText();
        assertThat(title.length()).isLessThanOrEqualTo(255);
        assertThat(title).isEqualTo(title.strip()).doesNotContain("\n").matches("(?s).* \\[[0-9a-f]{8}]");
        String storage = sent(0).path("body").path("value").asText();
        String text = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader("<page>" + storage + "</page>")))
                .getDocumentElement()
                .getTextContent();
        assertThat(text.replaceAll("[\\s\\p{Z}]+", ""))
                .contains(Hostile.words(value).replaceAll("[\\s\\p{Z}]+", ""));
        assertThat(storage).doesNotContain("<ac:", "<script", "<img");
    }

    @Test
    void thePlaceOfAPayloadMustBeANumber() {
        assertThat(failure(Map.of("name", "x", "parent", "1&x=2"))).hasMessageContaining("parentId");
        assertThat(requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT",
        "400, PERMANENT",
        "401, PERMANENT",
        "403, PERMANENT",
        "404, PERMANENT",
        "413, PERMANENT",
        "408, PASSING",
        "429, PASSING",
        "503, PASSING",
        "500, UNSURE",
        "502, UNSURE",
        "504, UNSURE"
    })
    void aRefusalIsSentOnceAndClassified(int status, StepFailure.Kind kind) {
        confluence.stubFor(post(urlEqualTo(PAGES))
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Retry-After", "4")
                        .withBody("{\"message\":\"no\"}")));
        StepFailure failure = failure(Map.of("name", "x"));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(4));
        assertThat(failure.isLimited()).isEqualTo(status == 429);
        assertThat(failure.responseExcerpt()).contains("{\"message\":\"no\"}");
        assertThat(requests()).hasSize(1);
    }

    @Test
    void anAnswerWithoutAPageIsUnsure() {
        confluence.stubFor(post(urlEqualTo(PAGES)).willReturn(aResponse().withBody("<html>Log in</html>")));
        assertThat(failure(Map.of("name", "x")).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() {
        confluence.stubFor(post(urlEqualTo(PAGES)).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        assertThat(failure(Map.of("name", "x")).kind()).isEqualTo(StepFailure.Kind.UNSURE);
        assertThat(requests()).hasSize(1);
        confluence.stop();
        assertThat(failure(Map.of("name", "x")).kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void aTitleThatIsTakenMeansThatThePageIsThere() throws Exception {
        routes.event(Map.of("name", "a & b"));
        String title = sent(0).path("title").asText();
        confluence.stubFor(
                post(urlEqualTo(PAGES)).willReturn(aResponse().withStatus(400).withBody(TAKEN)));
        search(title);
        Exchange again = routes.event(Map.of("name", "a & b"));
        assertThat(again.getException()).isNull();
        assertThat(again.getVariable("confluencePage"))
                .isEqualTo(Map.of("key", "42", "id", "42", "url", confluence.baseUrl() + "/wiki/spaces/RES/pages/42"));
        assertThat(sent(1)).isEqualTo(sent(0));
        assertThat(requests().get(2).getUrl())
                .isEqualTo(PAGES + "?space-id=65538&title=Report%3A%20a%20%26%20b%20%5B"
                        + title.substring(title.length() - 9, title.length() - 1) + "%5D&limit=1");
    }

    @Test
    void aTitleThatIsTakenByNoPageThatCanBeSeenIsPermanent() {
        confluence.stubFor(
                post(urlEqualTo(PAGES)).willReturn(aResponse().withStatus(400).withBody(TAKEN)));
        search();
        assertThat(failure(Map.of("name", "x")).kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(requests()).hasSize(2);
    }

    @Test
    void itLooksByTheTitle() throws Exception {
        routes.event(Map.of("name", "x"));
        search(sent(0).path("title").asText());
        LookRequest request = new LookRequest(SinkRoutes.NOW);
        Exchange asked = routes.ask(Map.of("name", "x"), request);
        assertThat(request.answer()).isEqualTo(new Look.Found());
        assertThat(asked.getVariable("confluencePage")).asInstanceOf(TOLD).containsEntry("id", "42");
        search();
        assertThat(routes.look(Map.of("name", "x"))).isEqualTo(new Look.Absent());
        search("Report: x [00000000]");
        assertThat(routes.look(Map.of("name", "x"))).isEqualTo(new Look.Absent());
    }

    @ParameterizedTest
    @CsvSource({"500, <html>", "401, '{}'", "200, '{}'"})
    void aLookThatFailsTellsNothing(int status, String body) {
        confluence.stubFor(get(urlPathEqualTo(PAGES))
                .willReturn(aResponse().withStatus(status).withBody(body)));
        LookRequest request = new LookRequest(SinkRoutes.NOW);
        assertThat(routes.ask(Map.of("name", "x"), request).getException()).isInstanceOf(StepFailure.class);
        assertThat(request.answer()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'baseUrl: BASE/wiki/', 'baseUrl: site', baseUrl",
        "'spaceId: \"65538\"', 'spaceId: RES', spaceId",
        "'email: bot@example.com', 'pageVariable: x', email",
        "'token: ATATT-token', 'pageVariable: x', token"
    })
    void aWrongParameterIsNamed(String from, String to, String named) {
        assertThatThrownBy(() -> routes.load(ROUTE.replace("id: paged", "id: wrong")
                        .replace("direct:in", "direct:other")
                        .replace(from, to)
                        .replace("BASE", confluence.baseUrl())))
                .rootCause()
                .hasMessageContaining(named)
                .hasMessageNotContaining("ATATT");
    }
}

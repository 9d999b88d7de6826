package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackMessageSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOOK = "/services/T000/B000/XXXX";
    private static final String LITERALS = "{{literal}}";

    private static final String WEBHOOK_ROUTE = """
            - route:
                id: told
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: message
                        uri: kamelet:slack-message-sink
                        parameters:
                          webhookUrl: HOOKURL
                          text: "Hello ${body[name]}"
            """;
    private static final String TOKEN_ROUTE = WEBHOOK_ROUTE.replace(
            "webhookUrl: HOOKURL", "token: xoxb-1234567890-1234567890-test\n              channel: \"#general\"");

    private WireMockServer slack = SinkRoutes.standIn();
    private @Nullable SinkRoutes routes;

    @BeforeEach
    void start(TestInfo test) {
        slack.stubFor(post(urlEqualTo(HOOK)).willReturn(aResponse().withBody("ok")));
        slack.stubFor(any(urlMatching(".*/api/auth.test.*")).willReturn(okJson("{\"ok\":true,\"team_id\":\"T1\"}")));
        slack.stubFor(any(urlMatching(".*/api/chat.postMessage"))
                .willReturn(okJson("{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.2\"}")));
        OutboundRecorder.record(slack, "slack-webhook", test.getDisplayName(), LITERALS, "${body[name]}");
    }

    @AfterEach
    void stop() {
        if (routes != null) {
            routes.close();
        }
        slack.stop();
    }

    private SinkRoutes route(String yaml) throws Exception {
        SinkRoutes loaded = SinkRoutes.sending().load(yaml.replace("HOOKURL", slack.baseUrl() + HOOK));
        routes = loaded;
        return loaded;
    }

    /** The Web API's address is fixed, so it is reached as a captured one. */
    private SinkRoutes apiRoute(String yaml) throws Exception {
        slack.stop();
        slack = SinkRoutes.standIn();
        slack.stubFor(any(urlMatching("/~/https/slack.com/api/auth.test.*"))
                .willReturn(okJson("{\"ok\":true,\"team_id\":\"T1\"}")));
        slack.stubFor(any(urlEqualTo("/~/https/slack.com/api/chat.postMessage"))
                .willReturn(okJson("{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.2\"}")));
        OutboundRecorder.record(slack, "slack-api", "by token");
        SinkRoutes loaded = new SinkRoutes(new Sinks(
                        SinkRoutes.CLOCK,
                        Destinations.capturedAt(slack.port()),
                        DownloadRules.none(),
                        statement -> true,
                        Budgets.none()))
                .load(yaml);
        routes = loaded;
        return loaded;
    }

    private List<LoggedRequest> posted() {
        return slack.findAll(postRequestedFor(urlMatching(".*(services|postMessage).*")));
    }

    private JsonNode onlyMessage() throws Exception {
        assertThat(posted()).hasSize(1);
        return JSON.readTree(posted().get(0).getBody());
    }

    private static Map<String, String> form(LoggedRequest request) {
        return Arrays.stream(request.getBodyAsString().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static StepFailure failure(Exchange exchange) {
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    @Test
    void aTextGoesThroughTheWebhookAndTheBodyStaysTheEvent() throws Exception {
        Exchange done = route(WEBHOOK_ROUTE).event(Map.of("name", "Sarah"));
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(Map.of("name", "Sarah"));
        assertThat(onlyMessage()).isEqualTo(JSON.readTree("{\"text\":\"Hello Sarah\"}"));
    }

    @Test
    void everyCharacterOfTheRouteFileArrives() throws Exception {
        route("""
                - route:
                    id: told
                    from:
                      uri: direct:in
                      steps:
                        - to:
                            id: message
                            uri: kamelet:slack-message-sink
                            parameters:
                              webhookUrl: HOOKURL
                              text: |
                                #general 100% + 1 &amp; a=b&c=d "double" 'single' \\back RAW(x)
                                {{literal}} 🚐 <https://a.example/?x=1&amp;y=2|link>

                                *${body[name]}*
                """).event(Map.of("name", "🚐 & {{literal}} ${body[name]}"));
        assertThat(onlyMessage().path("text").asText()).isEqualTo("""
                        #general 100% + 1 &amp; a=b&amp;c=d "double" 'single' \\back RAW(x)
                        {{literal}} 🚐 <https://a.example/?x=1&amp;y=2|link>

                        *🚐 &amp; {{literal}} ${body[name]}*""");
    }

    @Test
    void aPayloadCanNeitherMentionNorLink() throws Exception {
        route(WEBHOOK_ROUTE.replace("Hello ", "<https://a.example|${body[name]}> <${body[name]}|x> 1 < 2 "))
                .event(Map.of("name", "!channel> <@U1> <https://evil.example|x>"));
        assertThat(onlyMessage().path("text").asText())
                .doesNotContain("<!", "<@", "<https://evil")
                .startsWith("<https://a.example|!channel&gt; &lt;@U1&gt; &lt;https://evil.example|x&gt;>  1 &lt; 2");
    }

    @Test
    void anAbsentLinkLeavesNeitherLinkNorLabel() throws Exception {
        route(WEBHOOK_ROUTE.replace("${body[name]}", "${body[name]} <${body[url]}|Transcript>"))
                .event(Map.of("name", "Sarah"));
        assertThat(onlyMessage().path("text").asText()).isEqualTo("Hello Sarah");
    }

    @Test
    void aTextOfAbsentValuesSaysTheAuthorsWords() throws Exception {
        route(WEBHOOK_ROUTE).event(Map.of());
        assertThat(onlyMessage().get("text").asText()).isEqualTo("Hello");
    }

    @Test
    void aTextThatComesOutEmptyIsPermanent() throws Exception {
        StepFailure failure = failure(route(WEBHOOK_ROUTE.replace("Hello ", "")).event(Map.of()));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(posted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_payload, PERMANENT",
        "403, action_prohibited, PERMANENT",
        "404, no_service, PERMANENT",
        "410, channel_is_archived, PERMANENT",
        "429, rate_limited, PASSING",
        "500, rollup_error, UNSURE",
        "503, unavailable, PASSING"
    })
    void aRefusedWebhookFailsTheStepAndIsSentOnce(int status, String body, StepFailure.Kind kind) throws Exception {
        slack.stubFor(post(urlEqualTo(HOOK))
                .willReturn(aResponse().withStatus(status).withBody(body).withHeader("Retry-After", "30")));
        StepFailure failure = failure(route(WEBHOOK_ROUTE).event(Map.of("name", "Sarah")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(failure.getMessage()).doesNotContain("Sarah", "B000");
        assertThat(posted()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"429, PASSING", "500, UNSURE"})
    void aRefusedWebhookWithALinkFailsTheSame(int status, StepFailure.Kind kind) throws Exception {
        slack.stubFor(post(urlEqualTo(HOOK))
                .willReturn(aResponse().withStatus(status).withHeader("Retry-After", "Sun, 01 Mar 2026 10:01:30 GMT")));
        StepFailure failure = failure(route(withLink("https://a.example/t")).event(Map.of("name", "Sarah")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(90));
        assertThat(posted()).hasSize(1);
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() throws Exception {
        slack.stubFor(post(urlEqualTo(HOOK)).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        SinkRoutes loaded = route(WEBHOOK_ROUTE);
        assertThat(failure(loaded.event(Map.of("name", "Sarah"))).kind()).isEqualTo(StepFailure.Kind.UNSURE);
        assertThat(posted()).hasSize(1);
        slack.stop();
        assertThat(failure(loaded.event(Map.of("name", "Sarah"))).kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    private static String withLink(String url) {
        return WEBHOOK_ROUTE.replace(
                "text:", "linkText: Read ${body[name]}\n              linkUrl: \"" + url + "\"\n              text:");
    }

    @Test
    void aLinkBecomesAButtonBelowTheText() throws Exception {
        route(withLink("https://a.example/t?u=${body[name]}")).event(Map.of("name", "Sarah & Co"));
        JsonNode message = onlyMessage();
        assertThat(message.path("text").asText()).isEqualTo("Hello Sarah &amp; Co");
        assertThat(message.path("blocks")).isEqualTo(JSON.readTree("""
                        [{"type":"section","text":{"type":"mrkdwn","text":"Hello Sarah &amp; Co"}},
                         {"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Read Sarah &amp; Co"},
                          "url":"https://a.example/t?u=Sarah%20%26%20Co"}]}]"""));
    }

    @ParameterizedTest
    @CsvSource({"javascript:alert(1)", "''", "ftp://a.example"})
    void aLinkThatIsNoWebAddressIsLeftOut(String url) throws Exception {
        route(withLink("${body[url]}")).event(Map.of("name", "Sarah", "url", url));
        assertThat(onlyMessage().has("blocks")).isFalse();
    }

    private static final String BLOCKS = """
            - route:
                id: told
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: message
                        uri: kamelet:slack-message-sink
                        parameters:
                          webhookUrl: HOOKURL
                          text: "${body[title]}"
                          blocks: |
                            [{"type":"header","text":{"type":"plain_text","text":"${body[title]}"}},
                             {"type":"section","text":{"type":"mrkdwn","text":"*Who*\\n${body[name]}\\nPlan: ${body[plan]}"},
                              "fields":[{"type":"mrkdwn","text":"*Score*\\n${body[score]}"},{"type":"mrkdwn","text":"${body[none]}"}],
                              "accessory":{"type":"button","text":{"type":"plain_text","text":"Open"},"url":"${body[url]}"}},
                             {"type":"context","elements":[{"type":"mrkdwn","text":"${body[none]}"}]}]
            """;

    @Test
    void blocksKeepTheirShapeWhateverTheValuesAre() throws Exception {
        route(BLOCKS)
                .event(Map.of(
                        "title", "\"},{\"type\":\"divider\"", "name", "<!here> & \"x\"\n\\", "score", 4, "url", "x:y"));
        assertThat(onlyMessage().path("blocks")).isEqualTo(JSON.readTree("""
                        [{"type":"header","text":{"type":"plain_text","text":"\\"},{\\"type\\":\\"divider\\""}},
                         {"type":"section","text":{"type":"mrkdwn","text":"*Who*\\n&lt;!here&gt; &amp; \\"x\\"\\n\\\\"},
                          "fields":[{"type":"mrkdwn","text":"*Score*\\n4"}]}]"""));
    }

    @Test
    void longTextsAreCutToWhatSlackTakes() throws Exception {
        route(BLOCKS).event(Map.of("title", "🚐".repeat(100), "name", "&".repeat(5_000), "score", "y".repeat(3_000)));
        JsonNode blocks = onlyMessage().path("blocks");
        String header = blocks.at("/0/text/text").asText();
        String section = blocks.at("/1/text/text").asText();
        assertThat(header).hasSizeLessThanOrEqualTo(150).endsWith("🚐…");
        assertThat(section).hasSizeBetween(2_990, 3_000).endsWith("&amp;…");
        assertThat(blocks.at("/1/fields/0/text").asText()).hasSize(2_000);
    }

    @Test
    void aTokenSendsTextAndBlocksToTheChannel() throws Exception {
        apiRoute(TOKEN_ROUTE.replace("text:", "linkUrl: https://a.example/t?a=1&b=2\n              text:"))
                .event(Map.of("name", "Sarah <!channel>"));
        LoggedRequest request = posted().get(0);
        assertThat(posted()).hasSize(1);
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer xoxb-1234567890-1234567890-test");
        assertThat(form(request))
                .containsEntry("channel", "#general")
                .containsEntry("text", "Hello Sarah &lt;!channel&gt;");
        assertThat(JSON.readTree(form(request).get("blocks"))
                        .at("/1/elements/0/url")
                        .asText())
                .isEqualTo("https://a.example/t?a=1&b=2");
    }

    @Test
    void aTokenAnswersInAThread() throws Exception {
        apiRoute(TOKEN_ROUTE.replace("text:", "threadTs: \"${body[ts]}\"\n              text:"))
                .event(Map.of("name", "Sarah", "ts", "1700000000.000100"));
        assertThat(form(posted().get(0))).containsEntry("thread_ts", "1700000000.000100");
    }

    @ParameterizedTest
    @CsvSource({
        "channel_not_found, PERMANENT",
        "invalid_auth, PERMANENT",
        "ratelimited, PASSING",
        "service_unavailable, PASSING",
        "internal_error, UNSURE",
        "fatal_error, UNSURE"
    })
    void okFalseFailsTheStep(String error, StepFailure.Kind kind) throws Exception {
        for (String yaml : List.of(
                TOKEN_ROUTE, TOKEN_ROUTE.replace("text:", "threadTs: \"1700000000.000100\"\n              text:"))) {
            SinkRoutes loaded = apiRoute(yaml);
            slack.stubFor(any(urlMatching(".*/chat.postMessage"))
                    .willReturn(okJson("{\"ok\":false,\"error\":\"" + error + "\"}")));
            StepFailure failure = failure(loaded.event(Map.of("name", "Sarah")));
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure).hasMessageContaining(error);
            assertThat(posted()).hasSize(1);
            loaded.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"429, PASSING", "500, UNSURE"})
    void aStatusOfTheWebApiFailsTheStep(int status, StepFailure.Kind kind) throws Exception {
        SinkRoutes loaded = apiRoute(TOKEN_ROUTE);
        slack.stubFor(any(urlMatching(".*/chat.postMessage"))
                .willReturn(aResponse().withStatus(status).withHeader("Retry-After", "7")));
        StepFailure failure = failure(loaded.event(Map.of("name", "Sarah")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(posted()).hasSize(1);
    }

    @Test
    void noParameterStandsInAnyUri() throws Exception {
        SinkRoutes loaded = route(WEBHOOK_ROUTE);
        loaded.event(Map.of("name", "Sarah"));
        assertThat(loaded.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains("B000") || uri.contains("Hello") || uri.contains("caravan64"));
    }

    @Test
    void aStepThatMissesAParameterNamesIt() {
        assertThatThrownBy(() -> route(WEBHOOK_ROUTE.replace("webhookUrl: HOOKURL", "channel: C1")))
                .rootCause()
                .hasMessageContaining("either webhookUrl, or token and channel");
        assertThatThrownBy(() -> route(WEBHOOK_ROUTE.replace("text:", "linkText:")))
                .rootCause()
                .hasMessageContaining("text");
    }
}

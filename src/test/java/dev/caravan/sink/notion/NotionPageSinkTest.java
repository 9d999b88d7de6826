package dev.caravan.sink.notion;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.Look;
import dev.caravan.sink.SinkBench;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class NotionPageSinkTest {
    private static final String SOURCE = "1f2e3d4c-5b6a-4978-8069-788796a5b4c3";
    private static final Map<String, Object> EVENT = Map.of(
            "title", "Post-Trial", "name", "Sarah", "score", 4.5, "plan", "pro, yearly", "themes", List.of("a", "b,c"));

    private SinkBench bench = bench(new SinkBench("notion-page-sink", "notion"));

    private static SinkBench bench(SinkBench bench) {
        return bench.with("token", "ntn_secret")
                .with("dataSourceId", SOURCE)
                .with("title", "${body[title]}: ${body[name]}");
    }

    @BeforeEach
    void start() {
        bench.answering(200, "{\"object\":\"page\",\"id\":\"x\"}");
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private void later() {
        bench.close();
        bench = bench(SinkBench.later("notion-page-sink", "notion"));
    }

    @Test
    void aPageHasTitlePropertiesKeyAndContent() throws Exception {
        bench.with("titleProperty", "Interview").with("properties", """
                        Score: ${body[score]}
                        Paid: true
                        Who: ${body[name]}
                        Plan (select): ${body[plan]}
                        Themes (multi_select): ${body[themes]}
                        Tags (multi_select): x, y, , x
                        Day (date): 2026-03-01
                        At (date): 2026-03-01T10:00:00Z
                        Text (rich_text): ${body[score]}
                        Number (number): "12"
                        Link (url): https://koji.so/1
                        Mail (email): a@b.example
                        Phone (phone_number): +49 1
                        Done (checkbox): "yes"
                        Absent (date): ${body[nothing]}
                        """).with("content", """
                        # ${body[title]}
                        **Bold** and [a link](https://koji.so/2)
                        next

                        - ${body[themes]}
                        1. one
                        """);
        bench.delivered(EVENT);
        assertThat(bench.requests()).hasSize(1);
        assertThat(bench.requests().get(0).getUrl()).isEqualTo("/v1/pages");
        assertThat(bench.requests().get(0).getHeader("Authorization")).isEqualTo("Bearer ntn_secret");
        assertThat(bench.requests().get(0).getHeader("Notion-Version")).isEqualTo("2025-09-03");
        String key = bench.body(0)
                .at("/properties/Event ID/rich_text/0/text/content")
                .asText();
        assertThat(key).matches("[0-9a-f]{64}");
        assertThat(bench.body(0)).isEqualTo(SinkBench.json("""
                {"parent":{"type":"data_source_id","data_source_id":"1f2e3d4c-5b6a-4978-8069-788796a5b4c3"},
                 "properties":{
                  "Interview":{"title":[{"text":{"content":"Post-Trial: Sarah"}}]},
                  "Score":{"number":4.5},
                  "Paid":{"checkbox":true},
                  "Who":{"rich_text":[{"text":{"content":"Sarah"}}]},
                  "Plan":{"select":{"name":"pro yearly"}},
                  "Themes":{"multi_select":[{"name":"a"},{"name":"b c"}]},
                  "Tags":{"multi_select":[{"name":"x"},{"name":"y"}]},
                  "Day":{"date":{"start":"2026-03-01"}},
                  "At":{"date":{"start":"2026-03-01T10:00:00Z"}},
                  "Text":{"rich_text":[{"text":{"content":"4.5"}}]},
                  "Number":{"number":12},
                  "Link":{"url":"https://koji.so/1"},
                  "Mail":{"email":"a@b.example"},
                  "Phone":{"phone_number":"+49 1"},
                  "Done":{"checkbox":true},
                  "Event ID":{"rich_text":[{"text":{"content":"KEY"}}]}},
                 "children":[
                  {"object":"block","type":"heading_1","heading_1":{"rich_text":[{"text":{"content":"Post-Trial"}}]}},
                  {"object":"block","type":"paragraph","paragraph":{"rich_text":[
                   {"text":{"content":"Bold"},"annotations":{"bold":true}},
                   {"text":{"content":" and "}},
                   {"text":{"content":"a link\\n","link":{"url":"https://koji.so/2"}}},
                   {"text":{"content":"next"}}]}},
                  {"object":"block","type":"bulleted_list_item","bulleted_list_item":{"rich_text":[{"text":{"content":"a"}}]}},
                  {"object":"block","type":"bulleted_list_item","bulleted_list_item":{"rich_text":[{"text":{"content":"b,c"}}]}},
                  {"object":"block","type":"numbered_list_item","numbered_list_item":{"rich_text":[{"text":{"content":"one"}}]}}]}
                """.replace("KEY", key)));
    }

    @Test
    void aSecondAttemptHasTheSameKey() throws Exception {
        bench.delivered(EVENT);
        bench.delivered(EVENT);
        assertThat(bench.body(0)).isEqualTo(bench.body(1));
    }

    @Test
    void belowAPageThereIsOnlyATitle() throws Exception {
        bench.without("dataSourceId").with("pageId", SOURCE.replace("-", ""));
        bench.delivered(EVENT);
        assertThat(bench.body(0)).isEqualTo(SinkBench.json("""
                {"parent":{"type":"page_id","page_id":"1f2e3d4c5b6a49788069788796a5b4c3"},
                 "properties":{"title":{"title":[{"text":{"content":"Post-Trial: Sarah"}}]}}}
                """));
    }

    @Test
    void aContentThatIsTooLongBesideThePropertiesIsCut() throws Exception {
        bench.with("content", "${body[long]}").with("properties", """
                        One: ${body[long]}
                        Two: ${body[long]}
                        """);
        bench.delivered(Map.of("title", "t", "long", "語".repeat(60_000)));
        assertThat(bench.body(0).toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(500_000);
        assertThat(bench.body(0).at("/properties/Two/rich_text/0/text/content").asText())
                .isNotEmpty();
        assertThat(bench.body(0)
                        .at("/children/0/paragraph/rich_text/0/text/content")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void whatIsBeyondTheHundredthBlockStandsInIt() throws Exception {
        bench.with("content", "- ${body[many]}");
        List<String> many = IntStream.range(0, 250).mapToObj(i -> "item " + i).toList();
        bench.delivered(Map.of("title", "t", "many", many));
        JsonNode children = bench.body(0).path("children");
        assertThat(children).hasSize(100);
        assertThat(children.at("/98/bulleted_list_item/rich_text/0/text/content")
                        .asText())
                .isEqualTo("item 98");
        StringBuilder rest = new StringBuilder();
        children.at("/99/paragraph/rich_text")
                .forEach(item -> rest.append(item.at("/text/content").asText()));
        assertThat(rest.toString())
                .startsWith("- item 99\n")
                .contains("- item 180\n")
                .endsWith("- item 249");
    }

    @ParameterizedTest
    @CsvSource({
        "302, PERMANENT, false",
        "400, PERMANENT, false",
        "401, PERMANENT, false",
        "403, PERMANENT, false",
        "404, PERMANENT, false",
        "409, PASSING, false",
        "429, PASSING, true",
        "500, UNSURE, false",
        "502, UNSURE, false",
        "503, UNSURE, false",
        "504, UNSURE, false",
        "529, PASSING, true"
    })
    void aRefusalIsClassified(int status, StepFailure.Kind kind, boolean limited) throws Exception {
        bench.answering(aResponse()
                .withStatus(status)
                .withHeader("Retry-After", "70")
                .withBody("{\"object\":\"error\",\"code\":\"some_code\",\"message\":\"why\"}"));
        StepFailure failure = bench.failure(EVENT);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isLimited()).isEqualTo(limited);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(70));
        assertThat(failure.responseExcerpt().orElse("")).contains("why");
        assertThat(failure.getMessage()).doesNotContain("ntn_").doesNotContain("Sarah");
        assertThat(bench.requests()).hasSize(1);
    }

    @Test
    void aLostAnswerIsUnsure() throws Exception {
        assertThat(bench.losingAnswers().failure(EVENT).kind()).isEqualTo(StepFailure.Kind.UNSURE);
    }

    @Test
    void aPageThatIsThereIsFoundByItsKey() throws Exception {
        bench.delivered(EVENT);
        bench.answering(200, "{\"object\":\"list\",\"results\":[{\"object\":\"page\"}],\"has_more\":false}");
        assertThat(bench.look(EVENT)).isInstanceOf(Look.Found.class);
        assertThat(bench.requests().get(1).getUrl()).isEqualTo("/v1/data_sources/" + SOURCE + "/query");
        String key = bench.body(0)
                .at("/properties/Event ID/rich_text/0/text/content")
                .asText();
        assertThat(bench.body(1)).isEqualTo(SinkBench.json("""
                {"filter":{"property":"Event ID","rich_text":{"equals":"KEY"}},"page_size":1}
                """.replace("KEY", key)));
    }

    @Test
    void aPageIsAbsentOnlyAfterAWhile() throws Exception {
        String none = "{\"object\":\"list\",\"results\":[],\"has_more\":false}";
        assertThat(bench.answering(200, none).look(EVENT)).isEqualTo(new Look.TooEarly(Duration.ofSeconds(30)));
        later();
        assertThat(bench.answering(200, none).look(EVENT)).isInstanceOf(Look.Absent.class);
    }

    @ParameterizedTest
    @CsvSource({"500, {}", "200, {}", "200, <html>sign in</html>", "200, ''"})
    void aLookThatFailsTellsNothing(int status, String body) {
        later();
        bench.answering(status, body);
        assertThatThrownBy(() -> bench.look(EVENT)).isInstanceOf(StepFailure.class);
    }

    @Test
    void inADatabaseItsDataSourceIsAsked() throws Exception {
        bench.without("dataSourceId").with("databaseId", "aaaaaaaa-5b6a-4978-8069-788796a5b4c3");
        bench.standIn.stubFor(get(urlPathMatching("/v1/databases/.*"))
                .willReturn(okJson("{\"object\":\"database\",\"data_sources\":[{\"id\":\"" + SOURCE + "\"}]}")));
        bench.standIn.stubFor(post(urlPathMatching("/v1/data_sources/.*")).willReturn(okJson("{\"results\":[{}]}")));
        assertThat(bench.look(EVENT)).isInstanceOf(Look.Found.class);
        assertThat(bench.requests())
                .extracting(request -> request.getUrl())
                .containsExactly(
                        "/v1/databases/aaaaaaaa-5b6a-4978-8069-788796a5b4c3", "/v1/data_sources/" + SOURCE + "/query");
    }

    @ParameterizedTest
    @CsvSource({"repeat, Absent", "skip, Found"})
    void belowAPageTheStepDecides(String choice, String look) throws Exception {
        bench.without("dataSourceId").with("pageId", SOURCE).with("whenUnsure", choice);
        assertThat(bench.look(EVENT).getClass().getSimpleName()).isEqualTo(look);
        assertThat(bench.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void valuesArriveAsText(String hostile) throws Exception {
        bench.with("title", "${body[x]}")
                .with("properties", """
                        A: ${body[x]}
                        B (select): ${body[x]}
                        C (multi_select): ${body[x]}
                        D (email): ${body[x]}
                        E (url): ${body[x]}
                        F (title): ${body[nothing]}
                        """)
                .with(
                        "content",
                        "# ${body[x]}\n\nA ${body[x]} z\n- ${body[x]}\n\n[label](https://a.example/${body[x]})");
        bench.delivered(Map.of("x", hostile));
        JsonNode body = bench.body(0);
        String text = Hostile.withoutControls(hostile);
        assertThat(texts(body.at("/properties/A/rich_text"))).isEqualTo(text);
        assertThat(Hostile.words(texts(body.at("/properties/Name/title"))).replace("…", ""))
                .isEqualTo(cut(Hostile.words(hostile), 1_999));
        String paragraph = texts(body.path("children"), "paragraph");
        assertThat(Hostile.words(paragraph)).startsWith(cut("A " + Hostile.words(hostile), 9_000));
    }

    private static String cut(String text, int length) {
        int end = Math.min(length, text.length());
        boolean half = end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, half ? end - 1 : end);
    }

    private static String texts(JsonNode items) {
        StringBuilder text = new StringBuilder();
        items.forEach(item -> text.append(item.at("/text/content").asText()));
        return text.toString();
    }

    private static String texts(JsonNode blocks, String type) {
        StringBuilder text = new StringBuilder();
        blocks.forEach(block -> text.append(texts(block.path(type).path("rich_text"))));
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({"'Score (number): ${body[x]}'", "'Day (date): ${body[x]}'"})
    void aValueOfAnotherTypeIsRefused(String property) throws Exception {
        StepFailure failure = bench.with("properties", property).failure(Map.of("title", "t", "x", "no such"));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("The Notion property").hasMessageNotContaining("no such");
        assertThat(bench.requests()).isEmpty();
    }

    @Test
    void wrongParametersAreNamed() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("dataSourceId", "my-database");
        wrong.put("properties", "Event ID: x");
        wrong.put("pageId", SOURCE);
        wrong.put("baseUrl", "api.notion.com");
        wrong.forEach((name, value) -> {
            try (SinkBench one = bench(new SinkBench("notion-page-sink", "notion"))) {
                assertThatThrownBy(() -> one.with(name, value).start())
                        .rootCause()
                        .hasMessageContaining(name.equals("properties") ? "idProperty" : name);
            }
        });
    }
}

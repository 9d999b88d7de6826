package dev.caravan.reconcile;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.Event;
import dev.caravan.inbox.Inbox;
import dev.caravan.settings.Settings;
import dev.caravan.source.Headers;
import dev.caravan.source.Identification;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.NewEvent;
import dev.caravan.source.Presets;
import dev.caravan.source.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The comparison with a vendor's list, against a vendor that listens on this machine. */
@Timeout(60)
class ReconciliationTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Instant SINCE = Instant.parse("2026-11-19T00:00:00Z");
    private static final String KEY = "koji-api-key-5d1e";

    @TempDir
    private Path directory;

    private final WireMockServer vendor =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private final Map<String, String> settings = new TreeMap<>();
    private final List<Duration> waits = new ArrayList<>();
    private Inbox inbox;

    @BeforeEach
    void open() {
        vendor.start();
        inbox = Inbox.open(directory, CLOCK);
        settings.put("caravan.source.koji.preset", "koji");
        settings.put("caravan.source.koji.secret", "s");
        option("url", vendor.baseUrl() + "/v1/interviews");
        option("key", KEY);
        option("page-size", "2");
    }

    @AfterEach
    void close() {
        inbox.close();
        vendor.stop();
    }

    private void option(String name, String value) {
        settings.put("caravan.source.koji.reconcile." + name, value);
    }

    private Source source() {
        Settings read = Settings.of(directory, settings);
        List<Source> sources = Source.readAll(read, Presets.load(read));
        assertThat(read.problems()).isEmpty();
        return sources.get(0);
    }

    private Outcome run(boolean dry) {
        Source source = source();
        return new Reconciliation(source, source.vendorList().orElseThrow(), inbox, SINCE, dry, CLOCK, waits::add)
                .run();
    }

    private static String interview(String id, String status) {
        return "{\"id\":\"" + id + "\",\"status\":\"" + status
                + "\",\"study_id\":\"std_1\",\"completed_at\":\"2026-11-20T10:00:00Z\"}";
    }

    private static String done(String id) {
        return interview(id, "completed");
    }

    private static String list(String... items) {
        return "{\"data\":[" + String.join(",", items) + "]}";
    }

    private void page(int number, String json) {
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .withQueryParam("page", equalTo(Integer.toString(number)))
                .willReturn(okJson(json)));
    }

    private List<String> items(Outcome outcome) {
        return outcome.missing().stream().map(Outcome.Missing::item).toList();
    }

    /** As the vendor's webhook brings it. */
    private boolean isDuplicate(String id) {
        byte[] body =
                ("{\"type\":\"interview.completed\",\"timestamp\":\"2026-11-20T10:00:01Z\",\"data\":{\"interview_id\":\""
                                + id + "\",\"participant\":{\"name\":\"Ann\"}}}")
                        .getBytes(StandardCharsets.UTF_8);
        Identification found = source().identify(
                        new IncomingRequest("POST", "/webhooks/koji", Headers.of(Map.of()), body, CLOCK.instant()));
        NewEvent event = ((Identification.Identified) found).events().get(0);
        return inbox.store(List.of(new Arrival(
                        "koji",
                        event.type(),
                        event.time(),
                        event.idempotencyKey(),
                        Map.of(),
                        event.body(),
                        CLOCK.instant())))
                .join()
                .get(0)
                .duplicate();
    }

    @Test
    void whatIsMissingIsTakenInOnceAndTheVendorsOwnLateWebhookIsADuplicate() {
        assertThat(isDuplicate("int_1")).isFalse();
        page(1, list(done("int_1"), done("int_2")));
        page(2, list(interview("int_3", "in_progress"), done("int_4")));
        page(3, list());

        Outcome first = run(false);

        assertThat(first.problem()).isEmpty();
        assertThat(first.listed()).isEqualTo(4);
        assertThat(first.unfinished()).isEqualTo(1);
        assertThat(first.had()).isEqualTo(1);
        assertThat(items(first)).containsExactly("int_2", "int_4");
        Event event = inbox.reader()
                .event(first.missing().get(0).eventId().orElseThrow())
                .orElseThrow();
        assertThat(event.type()).isEqualTo("interview.completed");
        assertThat(event.headers()).containsEntry(Reconciliation.ORIGIN, "reconcile");
        assertThat(new String(event.body(), StandardCharsets.UTF_8))
                .contains("\"data\":{\"id\":\"int_2\"", "\"interview_id\":\"int_2\"", "\"study_id\":\"std_1\"");
        assertThat(event.time()).contains(Instant.parse("2026-11-20T10:00:00Z"));

        assertThat(isDuplicate("int_2")).isTrue();
        Outcome second = run(false);
        assertThat(second.had()).isEqualTo(3);
        assertThat(second.missing()).isEmpty();
        assertThat(inbox.reader().eventCount()).isEqualTo(3);
    }

    @Test
    void theKeyTheTimeAndTheSizeGoAlong() {
        page(1, list());
        run(false);
        vendor.verify(getRequestedFor(urlPathEqualTo("/v1/interviews"))
                .withHeader("Authorization", equalTo("Bearer " + KEY))
                .withQueryParam("since", equalTo("2026-11-19T00:00:00Z"))
                .withQueryParam("limit", equalTo("2")));
    }

    @Test
    void aDryRunTakesNothingIn() {
        page(1, list(done("int_1")));
        page(2, list());
        Outcome outcome = run(true);
        assertThat(items(outcome)).containsExactly("int_1");
        assertThat(inbox.reader().eventCount()).isZero();
    }

    @Test
    void whatIsOlderIsLeftOutWhereTheVendorDoesNotDoThat() {
        page(1, list(done("int_1").replace("2026-11-20", "2026-11-18"), done("int_2")));
        page(2, list());
        assertThat(items(run(false))).containsExactly("int_2");
    }

    @Test
    void aCursorIsFollowedToItsEnd() {
        option("next", "/next_cursor");
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .willReturn(okJson("{\"data\":[" + done("int_1") + "],\"next_cursor\":\"c 2\"}")));
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .withQueryParam("cursor", equalTo("c 2"))
                .willReturn(okJson("{\"data\":[" + done("int_2") + "],\"next_cursor\":null}")));
        assertThat(items(run(false))).containsExactly("int_1", "int_2");
        assertThat(vendor.getAllServeEvents()).hasSize(2);
    }

    @Test
    void aCircleIsAFailure() {
        option("next", "/next_cursor");
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .willReturn(okJson("{\"data\":[" + done("int_1") + "],\"next_cursor\":\"again\"}")));
        assertThat(run(false).problem().orElseThrow()).contains("circle", "reconcile.next");
    }

    @Test
    void theKeyGoesToNoOtherHost() {
        option("next", "/links/next");
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .willReturn(
                        okJson("{\"data\":[],\"links\":{\"next\":\"http://127.0.0.1:" + vendor.port() + "/more\"}}")));
        assertThat(run(false).problem().orElseThrow()).contains("another host");
        vendor.verify(0, getRequestedFor(urlPathEqualTo("/more")));
    }

    @Test
    void aListThatKnowsNoPagesIsReadOnce() {
        option("page-size", "100");
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews")).willReturn(okJson(list(done("int_1"), done("int_2")))));
        Outcome outcome = run(false);
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.listed()).isEqualTo(2);
    }

    @Test
    void fullPagesThatAreAlwaysTheSameAreNotTakenForAllThereIs() {
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews")).willReturn(okJson(list(done("int_1"), done("int_2")))));
        assertThat(run(false).problem().orElseThrow()).contains("page-parameter");
    }

    @Test
    void itWaitsAsLongAsTheVendorAsksAndForFaultsALittle() {
        page(2, list());
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .withQueryParam("page", equalTo("1"))
                .inScenario("limited")
                .whenScenarioStateIs("Started")
                .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "7"))
                .willSetStateTo("faulty"));
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .withQueryParam("page", equalTo("1"))
                .inScenario("limited")
                .whenScenarioStateIs("faulty")
                .willReturn(aResponse().withStatus(502))
                .willSetStateTo("well"));
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .withQueryParam("page", equalTo("1"))
                .inScenario("limited")
                .whenScenarioStateIs("well")
                .willReturn(okJson(list(done("int_1")))));

        assertThat(items(run(false))).containsExactly("int_1");
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
    }

    @Test
    void aPageThatCannotBeHadEndsItWithWhatWasDone() {
        page(1, list(done("int_1"), done("int_2")));
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .withQueryParam("page", equalTo("2"))
                .willReturn(aResponse().withStatus(500)));

        Outcome outcome = run(false);

        assertThat(outcome.problem().orElseThrow()).contains("answered 500", "later");
        assertThat(items(outcome)).containsExactly("int_1", "int_2");
        assertThat(inbox.reader().eventCount()).isEqualTo(2);
        assertThat(waits).hasSize(4);
    }

    @Test
    void aWrongKeyIsSaidInASentenceWithoutIt() {
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .willReturn(aResponse().withStatus(401).withBody(KEY)));
        String problem = run(false).problem().orElseThrow();
        assertThat(problem)
                .contains("answered 401", "caravan.source.koji.reconcile.key")
                .doesNotContain(KEY, "limit=");
        assertThat(waits).isEmpty();
    }

    @Test
    void whatIsNoListIsSaidWithTheKeyThatMendsIt() {
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews")).willReturn(okJson("{\"results\":[]}")));
        assertThat(run(false).problem().orElseThrow()).contains("/data", "reconcile.items");
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .willReturn(aResponse().withStatus(200).withBody("<html>")));
        assertThat(run(false).problem().orElseThrow()).contains("no JSON", "reconcile.url");
        vendor.stubFor(get(urlPathEqualTo("/v1/interviews"))
                .willReturn(aResponse().withStatus(302).withHeader("Location", "http://127.0.0.1/")));
        assertThat(run(false).problem().orElseThrow()).contains("302", "reconcile.url");
    }

    @Test
    void anAddressThatWouldShowTheKeyIsAProblemOfTheSettings() {
        option("url", "http://api.example.com/v1/interviews");
        Settings read = Settings.of(directory, settings);
        Source.readAll(read, Presets.load(read));
        assertThat(read.problems()).singleElement().asString().contains("reconcile.url", "https");
    }

    @Test
    void theSystemsOwnSourceCannotBeConfigured() {
        Settings read = Settings.of(
                directory, Map.of("caravan.source.caravan.preset", "koji", "caravan.source.caravan.secret", "x"));
        assertThat(Source.readAll(read, Presets.load(read))).isEmpty();
        assertThat(read.problems()).anySatisfy(problem -> assertThat(problem).contains("Caravan's own events"));
    }
}

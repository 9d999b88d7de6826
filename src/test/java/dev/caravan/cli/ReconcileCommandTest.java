package dev.caravan.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.caravan.acceptance.Workplace.toSlack;
import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.caravan.acceptance.Vendor;
import dev.caravan.acceptance.Workplace;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code reconcile} as it is typed, with a node that runs and without. */
@Timeout(60)
class ReconcileCommandTest {
    @TempDir
    private Path directory;

    private final WireMockServer vendor =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private Workplace place;

    @BeforeEach
    void prepare() {
        vendor.start();
        place = new Workplace(directory)
                .route("tell", toSlack("tell", "Done:"))
                .set("caravan.source.koji.reconcile.url", vendor.baseUrl() + "/interviews")
                .set("caravan.source.koji.reconcile.key", "api-key-77b1");
        page("1", """
                {"data":[{"interview_id":"int_1","status":"completed"},{"interview_id":"int_2","status":"completed"},\
                {"interview_id":"int_3","status":"abandoned"}]}""");
        page("2", "{\"data\":[]}");
    }

    private void page(String number, String json) {
        vendor.stubFor(get(urlPathEqualTo("/interviews"))
                .withQueryParam("page", equalTo(number))
                .withHeader("Authorization", equalTo("Bearer api-key-77b1"))
                .willReturn(okJson(json)));
    }

    @AfterEach
    void close() {
        place.close();
        vendor.stop();
    }

    @Test
    void theNodeThatRunsTakesInWhatIsMissingAndDeliversIt() {
        place.start();
        place.koji(Vendor.interview("int_1"));

        Typed dry = type("reconcile", "koji", "--since", "2d", "--dry-run", "--dir", directory)
                .done();
        assertThat(dry.out()).contains("koji lists 3", "1 not finished", "1 here already", "1 missing", "int_2");
        assertThat(place.inbox().eventCount()).isEqualTo(1);

        Typed done = type("reconcile", "koji", "--since", "2d", "--json", "--dir", directory)
                .done();
        assertThat(done.json().path("takenIn").asInt()).isEqualTo(1);
        String event = done.json().at("/missing/0/event").asText();
        place.awaitSettled();
        assertThat(place.slack().accepted()).anySatisfy(text -> assertThat(text).contains(event, "int_2"));
        assertThat(type("event", event, "--dir", directory).done().out()).contains("origin     reconcile");

        assertThat(place.koji(Vendor.interview("int_2")).json().path("status").asText())
                .isEqualTo("duplicate");
        assertThat(type("reconcile", "koji", "--dir", directory).done().out()).contains("2 here already, 0 taken in");
    }

    @Test
    void withoutANodeItWaitsForTheNextStart() {
        place.start();
        place.stop();
        assertThat(type("reconcile", "koji", "--dir", directory).done().out()).contains("2 taken in");
        assertThat(place.slack().accepted()).isEmpty();
        place.start();
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(2);
    }

    @Test
    void aWrongKeyIsOneSentenceAndExitOne() {
        place.start();
        vendor.resetMappings();
        vendor.stubFor(get(urlPathEqualTo("/interviews")).willReturn(aResponse().withStatus(401)));
        Typed refused = type("reconcile", "koji", "--dir", directory);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("answered 401", "caravan.source.koji.reconcile.key")
                .doesNotContain("77b1");
        assertThat(refused.out()).contains("0 taken in");
    }

    @Test
    void mistakesAreSaid() {
        type("reconcile", "kojo", "--dir", directory).refused().saying("kojo");
        type("reconcile", "koji", "--since", "soon", "--dir", directory)
                .refused()
                .saying("soon", "2d");
        place.set("caravan.source.koeiq.preset", "koeiq").set("caravan.source.koeiq.secret", "s");
        type("reconcile", "koeiq", "--dir", directory).refused().saying("caravan.source.koeiq.reconcile.url");
        type("send", "caravan", "delivery.dead", "--dir", directory).refused().saying("own events");
    }

    @Test
    void onlyWhoMayUseTheApiCanBeginOne() throws Exception {
        place.start();
        URI uri = URI.create("http://127.0.0.1:" + place.node().managementPort()
                + "/api/v1/reconcile/koji?since=2026-11-19T00:00:00Z");
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest form = HttpRequest.newBuilder(uri)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(http.send(form, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
        HttpRequest caravan = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + place.node().port() + "/webhooks/caravan"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"delivery.dead\"}"))
                .build();
        assertThat(http.send(caravan, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
        assertThat(vendor.getAllServeEvents()).isEmpty();
    }

    @Test
    void whatIsTakenInBeforeAnyNodeHasRunIsDeliveredAtTheFirstStart() {
        type("reconcile", "koji", "--since", "2d", "--dir", directory).done();

        place.start();
        place.awaitSettled();

        assertThat(place.slack().accepted()).hasSize(2);
    }

    @Test
    void anItemWithoutAnIdIsLeftOutAndTheOthersAreTakenIn() {
        page("1", """
                {"data":[{"status":"completed"},{"interview_id":"int_1","status":"completed"}]}""");

        Typed found = type("reconcile", "koji", "--since", "2d", "--dir", directory);

        assertThat(found.exit()).isEqualTo(1);
        assertThat(found.out()).contains("1 taken in", "int_1");
        assertThat(found.err()).contains("1 of its items were left out", "reconcile.id");
    }
}

package dev.caravan.cli;

import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.acceptance.Vendor;
import dev.caravan.acceptance.Workplace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person looks at refused requests, admits and drops them, with a node that runs and without. */
@Timeout(60)
class QuarantineCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Workplace place;

    @BeforeEach
    void prepare() {
        place = new Workplace(directory);
    }

    @AfterEach
    void close() {
        place.close();
    }

    /** Has a request refused; its id in quarantine. */
    private String refused(String secret, String interview) throws IOException, InterruptedException {
        byte[] body = Vendor.interview(interview).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + place.node().port() + "/webhooks/koji"))
                .header("X-Koji-Signature", Vendor.koji(secret, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        int before = place.inbox()
                .quarantine()
                .list(Optional.empty(), Optional.empty(), 0)
                .size();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
        return await().atMost(PATIENCE)
                .until(
                        () -> place.inbox().quarantine().list(Optional.empty(), Optional.empty(), 0),
                        found -> found.size() > before)
                .get(0)
                .id();
    }

    @Test
    void refusedRequestsAreListedAndShownWithoutTheirBodies() throws Exception {
        place.start();
        assertThat(type("quarantine", "list", "--dir", directory, "--json")
                        .done()
                        .json())
                .isEmpty();
        String id = refused("a forger's secret", "int_1");

        Typed list = type("quarantine", "list", "--dir", directory, "--json").done();
        assertThat(list.json()).hasSize(1);
        assertThat(list.json().at("/0/id").asText()).isEqualTo(id);
        assertThat(list.json().at("/0/kind").asText()).isEqualTo("unverified");
        assertThat(list.json().at("/0/count").asInt()).isEqualTo(1);
        assertThat(list.out()).doesNotContain("int_1");
        assertThat(type("quarantine", "list", "--dir", directory).done().out())
                .contains("WHY", id, "does not match the request");
        assertThat(type("quarantine", "list", "--dir", directory, "--kind", "no_secret", "--json")
                        .json())
                .isEmpty();
        assertThat(type("quarantine", "list", "--dir", directory, "--source", "koji", "--json")
                        .json())
                .hasSize(1);
        type("quarantine", "list", "--dir", directory, "--kind", "odd")
                .refused()
                .saying("--kind", "odd");

        Typed show = type("quarantine", "show", id, "--dir", directory).done();
        assertThat(show.out())
                .contains(id, "POST /webhooks/koji", "x-koji-signature: sha256=", "127.0.0.1")
                .doesNotContain("int_1");
        assertThat(type("quarantine", "show", id, "--body", "--dir", directory)
                        .done()
                        .out())
                .contains(Vendor.interview("int_1"));
        Typed json = type("quarantine", "show", id, "--body", "--json", "--dir", directory)
                .done();
        assertThat(json.json().path("body").asText()).isEqualTo(Vendor.interview("int_1"));
        assertThat(json.json().at("/requests/0/headers/x-koji-signature").asText())
                .startsWith("sha256=");
        type("quarantine", "show", "qrt_none", "--dir", directory).refused().saying("qrt_none");
        type("quarantine").refused().saying("list");
    }

    @Test
    void theNodeThatRunsAdmitsWhatVerifiesAndNothingElse() throws Exception {
        place.set("caravan.source.koji.secret", "a-mistyped-secret").start();
        String genuine = refused(Workplace.SECRET, "int_1");
        String forged = refused("a forger's secret", "int_2");

        Typed refused = type("quarantine", "admit", genuine, forged, "--dir", directory);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).contains(genuine + " stays", forged + " stays", "does not match");
        assertThat(place.inbox().eventCount()).isZero();

        Typed dropped = type("quarantine", "drop", forged, "qrt_none", "--dir", directory, "--json");
        assertThat(dropped.exit()).isEqualTo(1);
        assertThat(dropped.json().at("/0/outcome").asText()).isEqualTo("dropped");
        assertThat(dropped.json().at("/1/outcome").asText()).isEqualTo("absent");
        Typed odd = type("quarantine", "admit", "a b/../é?", "--dir", directory);
        assertThat(odd.exit()).as(odd.err()).isEqualTo(1);
        assertThat(type("quarantine", "list", "--dir", directory, "--json").json())
                .hasSize(1);
    }

    @Test
    void withoutANodeARequestIsAdmittedForTheNextStart() throws Exception {
        place.set("caravan.source.koji.secret", "a-mistyped-secret")
                .route("tell", Workplace.toSlack("tell", "Done:"))
                .start();
        String genuine = refused(Workplace.SECRET, "int_1");
        String forged = refused("a forger's secret", "int_2");
        place.stop();
        place.set("caravan.source.koji.secret", Workplace.SECRET);

        Typed admitted = type("quarantine", "admit", genuine, forged, "--dir", directory, "--json");
        assertThat(admitted.exit()).isEqualTo(1);
        assertThat(admitted.json().at("/0/outcome").asText()).isEqualTo("admitted");
        String event = admitted.json().at("/0/events/0").asText();
        assertThat(admitted.json().at("/1/outcome").asText()).isEqualTo("refused");
        Typed again = type("quarantine", "admit", genuine, "--dir", directory);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).contains("is not in quarantine");
        assertThat(type("quarantine", "drop", forged, "--dir", directory).done().out())
                .contains(forged + " is dropped");

        place.start();
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(1);
        assertThat(place.inbox().event(event)).isPresent();
    }

    @Test
    void checkSaysWhenEachSecretLastMatched() {
        place.set("caravan.source.koji.secret", "an-older-secret," + Workplace.SECRET)
                .start();
        assertThat(place.koji(Vendor.interview("int_1")).status()).isEqualTo(200);

        await().atMost(PATIENCE)
                .until(() -> type("check", "--dir", directory, "--json")
                        .json()
                        .at("/secrets/0/secrets/1")
                        .has("lastMatched"));

        Typed check = type("check", "--dir", directory).done();
        assertThat(check.out()).contains("LAST MATCHED").containsPattern("koji +1 +never");
        assertThat(check.out()).doesNotContain("an-older-secret", Workplace.SECRET);
    }
}

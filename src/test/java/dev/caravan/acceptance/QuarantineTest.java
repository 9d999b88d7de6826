package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.SECRET;
import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.LogLines;
import dev.caravan.inbox.EventSummary;
import dev.caravan.inbox.Quarantined;
import dev.caravan.inbox.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that were refused, and the life of a secret. */
@Timeout(90)
class QuarantineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String WRONG = "a-secret-that-was-mistyped";
    private static final String KEY = "caravan.source.koji.secret";

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

    /** Sends a Koji event signed with a secret. */
    private int send(String secret, String interview) {
        byte[] body = Vendor.interview(interview).getBytes(StandardCharsets.UTF_8);
        return place.web()
                .post("/webhooks/koji", body, "X-Koji-Signature", Vendor.koji(secret, body))
                .status();
    }

    /** The idempotency keys of all vendors' events, in the order in which they were stored. */
    private List<String> stored() {
        List<String> keys = new ArrayList<>(place.inbox().events(Optional.empty(), Optional.empty(), 0).stream()
                .filter(event -> !event.source().equals("caravan"))
                .map(EventSummary::idempotencyKey)
                .toList());
        Collections.reverse(keys);
        return keys;
    }

    private void awaitStored(int count) {
        await().atMost(PATIENCE).until(() -> stored().size(), stored -> stored == count);
    }

    private List<Quarantined.Summary> quarantined() {
        return place.inbox().quarantine().list(Optional.empty(), Optional.empty(), 0);
    }

    private void awaitQuarantined(int count) {
        await().atMost(PATIENCE).until(() -> quarantined().size(), size -> size == count);
    }

    @Test
    void aWrongSecretIsMendedAndEveryEventOfItIsDeliveredOnceInOrderAndNoForgeryIs() {
        int events = 120;
        place.set(KEY, WRONG).route("tell", toSlack("tell", "Done:")).start();
        for (int i = 0; i < events; i++) {
            String interview = "int_%03d".formatted(i);
            assertThat(send("a forger's secret", "forged_" + i)).isEqualTo(401);
            if (i % 10 == 0) {
                assertThat(send("a forger's secret", interview)).as("before").isEqualTo(401);
            }
            assertThat(send(SECRET, interview)).isEqualTo(401);
            if (i % 7 == 0) {
                assertThat(send("a forger's secret", interview)).as("after").isEqualTo(401);
                assertThat(send(SECRET, interview)).as("the vendor's retry").isEqualTo(401);
            }
        }
        awaitQuarantined(2 * events);
        assertThat(stored()).isEmpty();

        place.set(KEY, SECRET);

        awaitStored(events);
        List<String> keys = stored();
        for (int i = 0; i < events; i++) {
            assertThat(keys.get(i)).contains("int_%03d".formatted(i));
        }
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(events).noneMatch(text -> text.contains("forged"));
        awaitQuarantined(events);
        assertThat(send(SECRET, "int_000")).as("a late retry").isEqualTo(200);
        assertThat(send(SECRET, "int_new")).isEqualTo(200);
        assertThat(send(WRONG, "int_other")).isEqualTo(401);
        awaitStored(events + 1);
    }

    @Test
    void aRestartWithAMendedSecretAdmitsToo() {
        place.set(KEY, WRONG).start();
        send(SECRET, "int_1");
        send("a forger's secret", "forged");
        awaitQuarantined(2);
        place.stop();
        Instant stopped = CLOCK.instant();

        place.set(KEY, SECRET).start();

        awaitStored(1);
        assertThat(stored().get(0)).contains("int_1");
        EventSummary event =
                place.inbox().events(Optional.of("koji"), Optional.empty(), 1).get(0);
        assertThat(event.receivedAt()).isBefore(stopped);
        awaitQuarantined(1);
    }

    @Test
    void anEventThatCameBeforeTheSecretIsTakenInWhenTheSecretsFileIsFilled() throws IOException {
        Path file = directory.resolve("koji-secret");
        Files.writeString(file, "\n");
        place.set(KEY, "").set(KEY + ".file", "koji-secret").start();
        assertThat(send(SECRET, "int_early")).isEqualTo(503);
        assertThat(send("a forger's secret", "forged")).isEqualTo(503);
        awaitQuarantined(2);
        assertThat(quarantined()).allMatch(kept -> kept.kind().equals(Refusal.Kind.NO_SECRET.label()));

        try (LogLines log = new LogLines()) {
            Files.writeString(file, "an-older-secret\n" + SECRET + "\n");
            awaitStored(1);
            assertThat(log.at(Level.INFO))
                    .anyMatch(line -> line.contains("Source koji: 1 of 2 quarantined requests"))
                    .noneMatch(line -> line.contains(SECRET));
        }
        assertThat(stored().get(0)).contains("int_early");
        await().atMost(PATIENCE).until(() -> secrets().get(1).has("lastMatched"));
        assertThat(send(SECRET, "int_late")).isEqualTo(200);
        assertThat(send("an-older-secret", "int_older")).isEqualTo(200);
    }

    @Test
    void aBearerTokenIsVerifiedAgainWithoutEverHavingBeenStored() throws IOException {
        place.set("caravan.source.calls.preset", "kejue")
                .set("caravan.source.calls.signature", "bearer")
                .set("caravan.source.calls.secret", WRONG)
                .set("caravan.source.basic.preset", "kejue")
                .set("caravan.source.basic.signature", "basic")
                .set("caravan.source.basic.secret", "user:" + WRONG)
                .start();
        String body = "{\"event\":\"call.ended\",\"event_id\":\"ev_%s\",\"data\":{}}";
        Web web = place.web();
        assertThat(web.post("/webhooks/calls", body.formatted(1), "Authorization", "bearer " + SECRET)
                        .status())
                .isEqualTo(401);
        assertThat(web.post("/webhooks/calls", body.formatted(2), "Authorization", "Bearer x" + SECRET)
                        .status())
                .isEqualTo(401);
        String basic = Base64.getEncoder().encodeToString(("user:" + SECRET).getBytes(StandardCharsets.UTF_8));
        assertThat(web.post("/webhooks/basic", body.formatted(3), "Authorization", "Basic " + basic)
                        .status())
                .isEqualTo(401);
        awaitQuarantined(3);

        place.set("caravan.source.calls.secret", SECRET).set("caravan.source.basic.secret", "user:" + SECRET);

        awaitStored(2);
        assertThat(stored()).anyMatch(key -> key.contains("ev_1")).anyMatch(key -> key.contains("ev_3"));
        place.stop();
        byte[] database = Files.readAllBytes(directory.resolve("data/caravan.db"));
        assertThat(new String(database, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET, basic);
    }

    @Test
    void aSignedTimestampIsComparedWithTheTimeOfReceipt() {
        place.set("caravan.source.calls.preset", "kejue")
                .set("caravan.source.calls.secret", WRONG)
                .set("caravan.source.calls.timestamp.tolerance", "2s")
                .start();
        String body = "{\"event\":\"call.ended\",\"event_id\":\"ev_1\",\"data\":{}}";
        String stale = "{\"event\":\"call.ended\",\"event_id\":\"ev_2\",\"data\":{}}";
        long now = CLOCK.instant().getEpochSecond();
        timed(body, Long.toString(now));
        timed(stale, Long.toString(now - 3_600));
        awaitQuarantined(2);
        await().atMost(PATIENCE).until(() -> CLOCK.instant().getEpochSecond() > now + 3);

        place.set("caravan.source.calls.secret", SECRET);

        awaitStored(1);
        assertThat(stored().get(0)).contains("ev_1");
    }

    private void timed(String body, String timestamp) {
        assertThat(place.web()
                        .post(
                                "/webhooks/calls",
                                body,
                                "X-Kejue-Timestamp",
                                timestamp,
                                "X-Kejue-Signature",
                                Vendor.kejue(SECRET, timestamp, body))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whatCannotBeUsedChangesNothingAndIsTold() {
        place.start();
        try (LogLines log = new LogLines()) {
            place.set("caravan.source.koji.presett", "koji");
            await().atMost(PATIENCE)
                    .until(() ->
                            log.at(Level.WARN).stream().anyMatch(line -> line.contains("caravan.source.koji.presett")));
            assertThat(send(SECRET, "int_1")).isEqualTo(200);
        }
    }

    @Test
    void sourcesComeAndGoWhileTheNodeRuns() {
        place.start();
        assertThat(place.web().get("/webhooks/second").status()).isEqualTo(404);

        place.set("caravan.source.second.preset", "koji").set("caravan.source.second.secret", WRONG);
        await().atMost(PATIENCE).until(() -> place.web().get("/webhooks/second").status() == 200);
        byte[] body = Vendor.interview("int_1").getBytes(StandardCharsets.UTF_8);
        assertThat(place.web()
                        .post("/webhooks/second", body, "X-Koji-Signature", Vendor.koji(WRONG, body))
                        .status())
                .isEqualTo(200);

        place.unset("caravan.source.second.preset").unset("caravan.source.second.secret");
        await().atMost(PATIENCE).until(() -> place.web().get("/webhooks/second").status() == 404);
        assertThat(send(SECRET, "int_2")).isEqualTo(200);
    }

    @Test
    void acceptingUnsignedRequestsAdmitsNoneOfThoseThatWereRefused() {
        place.start();
        send("a forger's secret", "forged");
        awaitQuarantined(1);
        place.unset("caravan.source.koji.secret")
                .set("caravan.source.koji.signature", "none")
                .set("caravan.source.koji.signature.none.accepted", "true");
        await().atMost(PATIENCE).until(() -> send("whoever", "int_open") == 200);
        awaitStored(1);
        assertThat(quarantined()).isNotEmpty();
    }

    @Test
    void whenEachSecretLastMatchedIsShown() {
        place.set(KEY, "an-older-secret," + SECRET).start();
        assertThat(secrets().get(1).has("lastMatched")).isFalse();
        send(SECRET, "int_1");
        await().atMost(PATIENCE).until(() -> secrets().get(1).has("lastMatched"));
        assertThat(secrets().get(0).has("lastMatched")).isFalse();
        assertThat(secrets().get(0).path("position").asInt()).isEqualTo(1);
        assertThat(place.management().get("/api/v1/sources").body()).doesNotContain(SECRET, "an-older-secret");
    }

    private JsonNode secrets() {
        return place.management().get("/api/v1/sources").json().at("/0/secrets");
    }
}

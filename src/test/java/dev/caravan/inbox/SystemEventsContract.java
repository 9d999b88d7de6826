package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.settings.SystemSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Caravan tells of itself, whatever database holds the inbox. */
@Timeout(60)
abstract class SystemEventsContract {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path directory;

    private final AtomicBoolean failing = new AtomicBoolean();
    private Inbox inbox;

    abstract InboxSettings settings();

    @BeforeEach
    void open() {
        inbox = Inbox.open(settings(), CLOCK, new CommitObserver() {
            @Override
            public void committing(int writes) {
                if (failing.get()) {
                    throw new IllegalStateException("stopped before the commit");
                }
            }

            @Override
            public void committed(int writes, Duration took) {}
        });
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    private void subscribe(String automation, String source) {
        inbox.subscribe(new Subscription(automation, "routes/x.yaml", List.of(source), List.of("*")))
                .join();
    }

    private Stored store(String source, byte[] body) {
        return inbox.store(List.of(new Arrival(
                        source,
                        "interview.completed",
                        Optional.empty(),
                        "k" + body.length,
                        Map.of(),
                        body,
                        CLOCK.instant())))
                .join()
                .get(0);
    }

    private Claimed claim(String automation) {
        return inbox.claim(automation, 1).join().claimed().get(0);
    }

    private boolean die(Claimed claimed) {
        return inbox.settle(new Settlement(
                        claimed.deliveryId(),
                        new Settlement.Attempt(
                                claimed.attempt(),
                                CLOCK.instant(),
                                Duration.ofMillis(5),
                                Settlement.Outcome.FAILED,
                                Optional.of("message"),
                                Optional.of(404),
                                Optional.of("Slack answered 404."),
                                Optional.of("no_service")),
                        DeliveryState.DEAD,
                        null,
                        1))
                .join();
    }

    private List<JsonNode> told(String type) {
        return inbox.reader().events(Optional.of(SystemSource.NAME), Optional.of(type), 0).stream()
                .map(summary -> inbox.reader().event(summary.id()).orElseThrow())
                .map(event -> json(event.body()))
                .toList();
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDeadDeliveryIsToldWithWhatItWasToDeliverAndEachAttempt() {
        subscribe("tell", "*");
        Stored stored = store("koji", "{\"data\":{\"name\":\"Zoë\"}}".getBytes(StandardCharsets.UTF_8));
        Claimed claimed = claim("tell");

        assertThat(die(claimed)).isTrue();

        JsonNode event = told("delivery.dead").get(0);
        assertThat(event.path("type").asText()).isEqualTo("delivery.dead");
        JsonNode data = event.path("data");
        assertThat(data.path("delivery_id").asText()).isEqualTo(claimed.deliveryId());
        assertThat(data.path("automation").asText()).isEqualTo("tell");
        assertThat(data.path("event_id").asText()).isEqualTo(stored.eventId());
        assertThat(data.path("event_source").asText()).isEqualTo("koji");
        assertThat(data.path("error").asText()).isEqualTo("Slack answered 404.");
        assertThat(data.path("step").asText()).isEqualTo("message");
        assertThat(data.at("/payload/data/name").asText()).isEqualTo("Zoë");
        assertThat(data.at("/attempts/0/number").asInt()).isEqualTo(1);
        assertThat(data.at("/attempts/0/http_status").asInt()).isEqualTo(404);
    }

    @Test
    void aSettlementThatChangesNothingTellsNothing() {
        subscribe("tell", "*");
        store("koji", new byte[] {'{', '}'});
        Claimed claimed = claim("tell");
        die(claimed);

        assertThat(die(claimed)).isFalse();

        assertThat(told("delivery.dead")).hasSize(1);
    }

    @Test
    void aReplayThatDiesAgainIsToldAgain() {
        subscribe("tell", "*");
        store("koji", new byte[] {'{', '}'});
        die(claim("tell"));
        inbox.replays().run(ReplaySelection.delivery(onlyDead()), Definition.Lookup.NONE, Optional.empty());

        die(claim("tell"));

        assertThat(told("delivery.dead"))
                .extracting(event -> event.at("/data/attempts").size())
                .containsExactlyInAnyOrder(1, 2);
    }

    private String onlyDead() {
        return InboxContract.dead(inbox).get(0);
    }

    @Test
    void aDeathAndItsTellingAreOneCommit() {
        subscribe("tell", "*");
        store("koji", new byte[] {'{', '}'});
        Claimed claimed = claim("tell");
        failing.set(true);

        assertThatThrownBy(() -> die(claimed)).hasMessageContaining("stopped before the commit");

        assertThat(told("delivery.dead")).isEmpty();
        assertThat(InboxContract.dead(inbox)).isEmpty();
        failing.set(false);
        assertThat(die(claimed)).isTrue();
        assertThat(told("delivery.dead")).hasSize(1);
    }

    @Test
    void aPayloadThatIsTooLargeIsLeftOutAndThatIsSaid() {
        subscribe("tell", "*");
        String body = "{\"text\":\"" + "x".repeat(600 << 10) + "\"}";
        store("koji", body.getBytes(StandardCharsets.UTF_8));

        die(claim("tell"));

        JsonNode data = told("delivery.dead").get(0).path("data");
        assertThat(data.has("payload")).isFalse();
        assertThat(data.path("payload_omitted").asText()).contains(Integer.toString(body.length()));
    }

    @Test
    void itComesToWhoNamesItsSourceAndNotToWhoTakesAllVendors() {
        subscribe("all", "*");
        subscribe("own", SystemSource.NAME);
        store("koji", new byte[] {'{', '}'});

        die(claim("all"));

        assertThat(claim("own").event().type()).isEqualTo("delivery.dead");
        assertThat(inbox.claim("all", 1).join().claimed()).isEmpty();
    }

    @Test
    void theDeathOfItsOwnDeliveryIsNotTold() {
        subscribe("all", "*");
        subscribe("own", SystemSource.NAME);
        store("koji", new byte[] {'{', '}'});
        die(claim("all"));

        die(claim("own"));

        assertThat(told("delivery.dead")).hasSize(1);
    }

    @Test
    void aSourceThatRejectsIsToldOncePerHour() {
        Rejections rejections = new Rejections(
                "koji", Instant.parse("2026-11-21T09:00:00Z"), Map.of(Refusal.Kind.UNVERIFIED, 5), "It is wrong.");
        inbox.quarantine()
                .keep(new Refusal(
                        "koji",
                        Refusal.Kind.UNVERIFIED,
                        "It is wrong.",
                        CLOCK.instant(),
                        "127.0.0.1",
                        "POST",
                        "/webhooks/koji",
                        Map.of(),
                        new byte[] {'x'}))
                .join();

        boolean first = inbox.systemEvents().rejecting(rejections).join();
        boolean other = inbox.systemEvents()
                .rejecting(new Rejections("kejue", rejections.since(), rejections.counts(), "It is wrong."))
                .join();

        assertThat(first).isTrue();
        assertThat(other).isTrue();
        inbox.systemEvents().rejecting(rejections).join();
        List<JsonNode> told = told("source.rejecting").stream()
                .filter(event -> event.at("/data/source").asText().equals("koji"))
                .toList();
        // Two only where the hour has ended between them.
        assertThat(told).hasSizeBetween(1, 2);
        JsonNode data = told.get(0).path("data");
        assertThat(data.at("/refused/unverified").asInt()).isEqualTo(5);
        assertThat(data.path("reason").asText()).isEqualTo("It is wrong.");
        assertThat(data.path("quarantined").asInt()).isEqualTo(1);
    }

    private static Breakage breakage(String cause) {
        return new Breakage("routes/x.yaml", 7, cause, List.of("x"), true);
    }

    @Test
    void aBreakageIsToldOnceUntilItIsMended() {
        SystemEvents events = inbox.systemEvents();
        assertThat(events.broken(List.of(breakage("no step")), origin -> false).join())
                .isTrue();
        assertThat(events.broken(List.of(breakage("no step")), origin -> false).join())
                .isFalse();
        assertThat(events.broken(List.of(breakage("no source")), origin -> false)
                        .join())
                .isTrue();

        JsonNode data = told("automation.broken").get(0).path("data");
        assertThat(data.path("automations").path(0).asText()).isEqualTo("x");
        assertThat(data.path("file").asText()).isEqualTo("routes/x.yaml");
        assertThat(data.path("line").asInt()).isEqualTo(7);
        assertThat(data.path("cause").asText()).isEqualTo("no source");

        events.broken(List.of(), origin -> origin.equals("routes/x.yaml")).join();
        assertThat(events.broken(List.of(breakage("no source")), origin -> false)
                        .join())
                .isTrue();
        assertThat(told("automation.broken")).hasSize(3);
    }

    @Test
    void aBreakageThatWasToldIsNotToldAgainAfterARestart() {
        inbox.systemEvents()
                .broken(List.of(breakage("no step")), origin -> false)
                .join();
        inbox.close();
        open();

        assertThat(inbox.systemEvents()
                        .broken(List.of(breakage("no step")), origin -> false)
                        .join())
                .isFalse();
    }
}

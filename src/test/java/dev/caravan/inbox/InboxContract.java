package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an inbox promises, whatever database holds it. */
abstract class InboxContract {
    static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path directory;

    Inbox inbox;

    /** A new inbox; the same for the same test. */
    abstract InboxSettings settings();

    /** Runs a statement on the inbox's database, beside the inbox. */
    abstract void execute(String sql) throws SQLException;

    Inbox openInbox() {
        return Inbox.open(settings(), CLOCK, CommitObserver.NONE);
    }

    @BeforeEach
    void open() {
        inbox = openInbox();
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    static Arrival arrival(String key, String body) {
        return new Arrival(
                "koji",
                "interview.completed",
                Optional.of(Instant.parse("2026-04-16T10:23:00Z")),
                key,
                Map.of("content-type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8),
                CLOCK.instant());
    }

    Stored store(String key, String body) {
        return inbox.store(List.of(arrival(key, body))).join().get(0);
    }

    void subscribe(String automation, String events) {
        inbox.subscribe(new Subscription(
                        automation, "routes/" + automation + ".yaml", List.of("koji"), List.of(events)))
                .join();
    }

    @Test
    void anEventIsKeptAsItCame() {
        Stored stored = store("k1", "{\"a\": \"é\"}");

        Event event = inbox.reader().event(stored.eventId()).orElseThrow();

        assertThat(event.body()).isEqualTo("{\"a\": \"é\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(event.type()).isEqualTo("interview.completed");
        assertThat(event.time()).contains(Instant.parse("2026-04-16T10:23:00Z"));
        assertThat(event.headers()).containsEntry("content-type", "application/json");
        assertThat(event.id()).matches("evt_[0-9A-HJKMNP-TV-Z]{26}");
    }

    @Test
    void theSameKeyAgainIsADuplicateAndDifferingBytesAreCounted() {
        Stored first = store("k1", "{}");

        assertThat(store("k1", "{}")).isEqualTo(new Stored(first.eventId(), true));
        assertThat(store("k1", "{\"changed\":true}")).isEqualTo(new Stored(first.eventId(), true));

        EventSummary summary = inbox.reader().eventSummary(first.eventId()).orElseThrow();
        assertThat(summary.duplicates()).isEqualTo(2);
        assertThat(summary.differing()).isEqualTo(1);
        assertThat(inbox.reader().eventCount()).isEqualTo(1);
    }

    @Test
    void manyArrivalsAtOnceAreEachStoredOnce() {
        List<CompletableFuture<List<Stored>>> all = IntStream.range(0, 2_000)
                .mapToObj(i -> inbox.store(List.of(arrival("k" + i % 1_000, "{}"))))
                .toList();

        long fresh = all.stream()
                .map(CompletableFuture::join)
                .filter(s -> !s.get(0).duplicate())
                .count();

        assertThat(fresh).isEqualTo(1_000);
        assertThat(inbox.reader().eventCount()).isEqualTo(1_000);
    }

    @Test
    void anEventIsFannedOutToThoseSubscribedWhenItArrived() {
        subscribe("before", "interview.*");
        Stored stored = store("k1", "{}");
        subscribe("after", "*");

        assertThat(inbox.reader().deliveriesOf(stored.eventId()))
                .extracting(DeliverySummary::automation, DeliverySummary::state)
                .containsExactly(tuple("before", DeliveryState.PENDING));
    }

    @Test
    void anEventThatNobodyWantsIsKeptAndMarked() {
        subscribe("other", "study.*");

        assertThat(inbox.reader()
                        .eventSummary(store("k1", "{}").eventId())
                        .orElseThrow()
                        .unwanted())
                .isTrue();
    }

    @Test
    void subscriptionsOutliveARestartUntilTheyAreEnded() {
        subscribe("a", "*");
        inbox.close();
        inbox = openInbox();

        assertThat(inbox.reader().deliveriesOf(store("k1", "{}").eventId())).hasSize(1);

        inbox.unsubscribe("a").join();
        assertThat(inbox.reader().deliveriesOf(store("k2", "{}").eventId())).isEmpty();
        assertThat(inbox.subscriptions()).isEmpty();
    }

    @Test
    void aClaimTakesWhatIsDueAndARestartTakesBackWhatRan() {
        subscribe("a", "*");
        store("k1", "{}");
        store("k2", "{}");

        Claims claims = inbox.claim("a", 1).join();
        assertThat(claims.claimed()).hasSize(1);
        assertThat(claims.nextDue()).isPresent();
        Claimed claimed = claims.claimed().get(0);
        assertThat(claimed.attempt()).isEqualTo(1);
        inbox.close();
        inbox = openInbox();

        DeliverySummary delivery = inbox.reader().delivery(claimed.deliveryId()).orElseThrow();
        assertThat(delivery.state()).isEqualTo(DeliveryState.PENDING);
        assertThat(delivery.failures()).isZero();
        assertThat(inbox.reader().attemptsOf(claimed.deliveryId()))
                .extracting(Settlement.Attempt::outcome)
                .containsExactly(Settlement.Outcome.INTERRUPTED);
        assertThat(inbox.claim("a", 10).join().claimed()).hasSize(2);
    }

    @Test
    void aSettlementCountsOnlyForTheAttemptThatRuns() {
        subscribe("a", "*");
        store("k1", "{}");
        Claimed claimed = inbox.claim("a", 1).join().claimed().get(0);

        assertThat(inbox.settle(settlement(claimed.deliveryId(), 2)).join()).isFalse();
        assertThat(inbox.settle(settlement(claimed.deliveryId(), 1)).join()).isTrue();
        assertThat(inbox.settle(settlement(claimed.deliveryId(), 1)).join()).isFalse();

        DeliverySummary delivery = inbox.reader().delivery(claimed.deliveryId()).orElseThrow();
        assertThat(delivery.state()).isEqualTo(DeliveryState.DEAD);
        assertThat(delivery.lastAttempt().orElseThrow().step()).contains("message");
        assertThat(delivery.lastAttempt().orElseThrow().httpStatus()).contains(404);
        assertThat(dead(inbox)).containsExactly(claimed.deliveryId());
    }

    static Settlement settlement(String deliveryId, int attempt) {
        return new Settlement(
                deliveryId,
                new Settlement.Attempt(
                        attempt,
                        CLOCK.instant(),
                        Duration.ofMillis(5),
                        Settlement.Outcome.FAILED,
                        Optional.of("message"),
                        Optional.of(404),
                        Optional.of("Slack answered 404."),
                        Optional.of("no_service")),
                DeliveryState.DEAD,
                null,
                1);
    }

    @Test
    void aWriteThatFailsLeavesItsNeighboursAlone() {
        List<CompletableFuture<List<Stored>>> good = new ArrayList<>();
        CompletableFuture<List<Stored>> bad = new CompletableFuture<>();
        for (int i = 0; i < 50; i++) {
            good.add(inbox.store(List.of(arrival("k" + i, "{}"))));
            if (i == 25) {
                bad = inbox.store(List.of(new Arrival(
                        "koji", nothing(), Optional.empty(), "bad", Map.of(), new byte[0], CLOCK.instant())));
            }
        }

        assertThat(bad)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class);
        assertThat(good).allSatisfy(f -> assertThat(f.join().get(0).duplicate()).isFalse());
        assertThat(inbox.reader().eventCount()).isEqualTo(50);
    }

    @SuppressWarnings("NullAway") // a type that the schema refuses
    private static String nothing() {
        return null;
    }

    @Test
    void aKeyBelongsToTheDeliveryThatAddedItUntilThatSettles() {
        subscribe("a", "*");
        store("k1", "{}");
        store("k2", "{}");
        List<Claimed> claimed = inbox.claim("a", 2).join().claimed();
        String first = claimed.get(0).deliveryId();
        String second = claimed.get(1).deliveryId();

        assertThat(inbox.addKey("a", "study-1", first).join().kind()).isEqualTo(KeyAnswer.Kind.ADDED);
        assertThat(inbox.addKey("a", "study-1", first).join().kind()).isEqualTo(KeyAnswer.Kind.ADDED);
        assertThat(inbox.addKey("a", "study-1", second).join().owner()).contains(first);
        assertThat(inbox.addKey("b", "study-1", second).join().kind()).isEqualTo(KeyAnswer.Kind.ADDED);

        inbox.settle(settlement(first, 1)).join();
        assertThat(inbox.addKey("a", "study-1", second).join().kind())
                .as("the owner died, so the key goes to the next")
                .isEqualTo(KeyAnswer.Kind.ADDED);
    }

    @Test
    void aKeyOfADeliveryThatSucceededIsADuplicate() {
        subscribe("a", "*");
        store("k1", "{}");
        store("k2", "{}");
        List<Claimed> claimed = inbox.claim("a", 2).join().claimed();
        Claimed first = claimed.get(0);
        inbox.addKey("a", "study-1", first.deliveryId()).join();
        Settlement success = new Settlement(
                first.deliveryId(), settlement(first.deliveryId(), 1).attempt(), DeliveryState.SUCCEEDED, null, 0);
        inbox.settle(success).join();

        assertThat(inbox.addKey("a", "study-1", claimed.get(1).deliveryId())
                        .join()
                        .kind())
                .isEqualTo(KeyAnswer.Kind.DUPLICATE);
    }

    @Test
    void refusedRequestsAreKeptAndIdenticalOnesCounted() {
        Refusal refusal = new Refusal(
                "koji",
                Refusal.Kind.UNVERIFIED,
                "the signature does not match",
                CLOCK.instant(),
                "127.0.0.1",
                "POST",
                "/webhooks/koji",
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8));
        inbox.quarantine().keep(refusal).join();
        inbox.quarantine().keep(refusal).join();

        assertThat(inbox.reader().quarantineCounts()).containsEntry("unverified", 2L);
    }

    @Test
    void theInboxSaysWhetherItCanStore() {
        assertThat(inbox.probe().join()).isTrue();
        assertThat(inbox.digestKey()).hasSize(32).isEqualTo(inbox.digestKey());
    }

    @Test
    void whatAFailedAttemptLeavesUnknownIsKeptUntilItIsReplaced() {
        subscribe("a", "*");
        store("k1", "{}");
        Claimed first = inbox.claim("a", 1).join().claimed().get(0);
        inbox.recordStep(first, finished("done", "s")).join();
        inbox.recordStep(first, new StepRecord("begun", StepRecord.Kind.BEGUN, "", 1))
                .join();
        inbox.settle(failed(first, new StepDoubts(Map.of("unsure", 1, "done", 1), true)))
                .join();

        assertThat(inbox.reader().stepRecords(first.deliveryId()))
                .extracting(StepRecord::key, StepRecord::kind)
                .containsExactlyInAnyOrder(
                        tuple("done", StepRecord.Kind.FINISHED), tuple("unsure", StepRecord.Kind.UNSURE));

        Claimed second = inbox.claim("a", 1).join().claimed().get(0);
        inbox.settle(failed(second, new StepDoubts(Map.of("other", 2), true))).join();

        assertThat(inbox.reader().stepRecords(first.deliveryId()))
                .extracting(StepRecord::key, StepRecord::attempt)
                .containsExactlyInAnyOrder(tuple("done", 1), tuple("other", 2));
        assertThat(inbox.reader().steps(first.deliveryId())).containsOnlyKeys("done");
    }

    private static Settlement failed(Claimed claimed, StepDoubts doubts) {
        return new Settlement(
                claimed.deliveryId(),
                new Settlement.Attempt(
                        claimed.attempt(),
                        CLOCK.instant(),
                        Duration.ZERO,
                        Settlement.Outcome.FAILED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                DeliveryState.RETRYING,
                CLOCK.instant().minusSeconds(1),
                claimed.failures() + 1,
                doubts);
    }

    private static StepRecord finished(String key, String state) {
        return new StepRecord(key, StepRecord.Kind.FINISHED, state, 1);
    }

    @Test
    void aStepIsRecordedOnlyForTheAttemptThatRuns() {
        subscribe("a", "*");
        store("k1", "{}");
        Claimed first = inbox.claim("a", 1).join().claimed().get(0);

        assertThat(inbox.recordStep(first, finished("one", "s1")).join()).isTrue();
        assertThat(inbox.reader().steps(first.deliveryId())).containsExactly(Map.entry("one", "s1"));

        inbox.release(first, CLOCK.instant()).join();
        assertThat(inbox.recordStep(first, finished("two", "s2")).join()).isFalse();
        assertThat(inbox.reader().steps(first.deliveryId())).containsOnlyKeys("one");
    }

    @Test
    void aKeyOfAnyLengthAndATextWithANulAreTaken() {
        String longKey = "k".repeat(10_000);
        Stored first = store(longKey, "{}");
        assertThat(store(longKey, "{}").eventId()).isEqualTo(first.eventId());
        assertThat(store(longKey + "x", "{}").duplicate()).isFalse();
        assertThat(store("a\u0000b", "{}").duplicate()).isFalse();
        assertThat(store("a\u0000b", "{}").duplicate()).isTrue();
        subscribe("a", "*");
        store("k", "{}");
        String delivery = inbox.claim("a", 1).join().claimed().get(0).deliveryId();
        assertThat(inbox.addKey("a", longKey, delivery).join().kind()).isEqualTo(KeyAnswer.Kind.ADDED);
        assertThat(inbox.hasKey("a", longKey).join()).isTrue();
    }

    @Test
    void aDatabaseOfANewerVersionIsLeftAlone() throws SQLException {
        inbox.close();
        execute(newerSchema());

        assertThatThrownBy(this::openInbox)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has schema 99")
                .hasMessageContaining("run the newer version");
    }

    /** The statement that makes the database one of version 99. */
    abstract String newerSchema();

    @Test
    void deliveriesOfOneValueAreClaimedOneAtATimeInOrderOfArrival() {
        subscribe("a", "*");
        for (String key : List.of("x1", "y1", "x2", "x3", "y2")) {
            store(key, "{}");
        }
        assertThat(inbox.claimInOrder("a", 10).join().claimed())
                .as("nothing is known of their values")
                .isEmpty();
        orderByFirstLetter();

        List<Claimed> first = inbox.claimInOrder("a", 10).join().claimed();
        assertThat(keys(first)).containsExactly("x1", "y1");
        Claims none = inbox.claimInOrder("a", 10).join();
        assertThat(none.claimed()).isEmpty();
        assertThat(none.nextDue())
                .as("those that wait for one that runs are not due")
                .isEmpty();

        inbox.settle(retryLater(first.get(0))).join();
        assertThat(inbox.claimInOrder("a", 10).join().claimed())
                .as("x1 is retried before x2")
                .isEmpty();
        inbox.settle(settlement(first.get(1).deliveryId(), 1)).join();
        assertThat(keys(inbox.claimInOrder("a", 10).join().claimed()))
                .as("y1 is dead, so y2 goes on")
                .containsExactly("y2");

        inbox.replays()
                .run(ReplaySelection.delivery(first.get(0).deliveryId()), Definition.Lookup.NONE, Optional.empty());
        assertThat(inbox.claimInOrder("a", 10).join().claimed())
                .as("what it is ordered by may be another since")
                .isEmpty();
        orderByFirstLetter();
        assertThat(keys(inbox.claimInOrder("a", 10).join().claimed())).containsExactly("x1");
    }

    @Test
    void oneThatArrivedAfterOneOfUnknownValueWaits() {
        subscribe("a", "*");
        store("x1", "{}");
        String unknown = inbox.reader().unordered("a", 1).get(0).deliveryId();
        store("y1", "{}");
        Unordered second = inbox.reader().unordered("a", 2).get(1);
        inbox.order("a", Map.of(second.deliveryId(), "y")).join();

        assertThat(inbox.claimInOrder("a", 10).join().claimed()).isEmpty();

        inbox.order("a", Map.of(unknown, "x")).join();
        assertThat(keys(inbox.claimInOrder("a", 10).join().claimed())).containsExactly("x1", "y1");
    }

    private void orderByFirstLetter() {
        inbox.reader()
                .unordered("a", 100)
                .forEach(one -> inbox.order(
                                "a",
                                Map.of(
                                        one.deliveryId(),
                                        one.event().idempotencyKey().substring(0, 1)))
                        .join());
    }

    static List<String> dead(Inbox inbox) {
        return inbox.reader().deliveries(Optional.of(DeliveryState.DEAD), Optional.empty(), 0).stream()
                .map(DeliverySummary::id)
                .toList();
    }

    static List<String> keys(List<Claimed> claimed) {
        return claimed.stream().map(one -> one.event().idempotencyKey()).toList();
    }

    private Settlement retryLater(Claimed claimed) {
        return new Settlement(
                claimed.deliveryId(),
                settlement(claimed.deliveryId(), 1).attempt(),
                DeliveryState.RETRYING,
                inbox.clock().instant().plusSeconds(60),
                1);
    }

    @Test
    void anAutomationThatIsDefinedNowhereAnyMoreGetsNoEvents() {
        subscribe("kept", "*");
        subscribe("deleted", "*");
        inbox.close();
        inbox = openInbox();
        assertThat(inbox.reader().deliveriesOf(store("k1", "{}").eventId())).hasSize(2);

        inbox.define(Set.of("kept", "off"));

        assertThat(inbox.reader().deliveriesOf(store("k2", "{}").eventId()))
                .extracting(DeliverySummary::automation)
                .containsExactly("kept");
    }
}

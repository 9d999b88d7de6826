package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a replay promises, whatever database holds the inbox. */
@Timeout(60)
abstract class ReplayContract {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path directory;

    private Inbox inbox;

    /** A new inbox; the same for the same test. */
    abstract InboxSettings settings();

    /** Runs a statement on the inbox's database, beside the inbox. */
    abstract void execute(String sql) throws SQLException;

    @BeforeEach
    void open() {
        inbox = Inbox.open(settings(), CLOCK, CommitObserver.NONE);
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    private String store(String key, String type, Instant received) {
        Arrival arrival = new Arrival(
                "koji", type, Optional.empty(), key, Map.of(), "{}".getBytes(StandardCharsets.UTF_8), received);
        return inbox.store(List.of(arrival)).join().get(0).eventId();
    }

    private String store(String key) {
        return store(key, "interview.completed", CLOCK.instant());
    }

    private void subscribe(String automation) {
        inbox.subscribe(wish(automation)).join();
    }

    private static Subscription wish(String automation) {
        return new Subscription(automation, "routes/a.yaml", List.of("koji"), List.of("interview.*"));
    }

    private Claimed claim(String automation) {
        return inbox.claim(automation, 1).join().claimed().get(0);
    }

    private void settle(Claimed claimed, DeliveryState state) {
        boolean good = state == DeliveryState.SUCCEEDED;
        Settlement.Attempt attempt = new Settlement.Attempt(
                claimed.attempt(),
                CLOCK.instant(),
                Duration.ofMillis(5),
                good ? Settlement.Outcome.SUCCEEDED : Settlement.Outcome.FAILED,
                good ? Optional.empty() : Optional.of("message"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(inbox.settle(new Settlement(claimed.deliveryId(), attempt, state, null, good ? 0 : 1))
                        .join())
                .isTrue();
    }

    private long run(ReplaySelection selection) {
        return run(selection, Definition.Lookup.NONE);
    }

    private long run(ReplaySelection selection, Definition.Lookup definitions) {
        long done = 0;
        Optional<String> from = Optional.empty();
        do {
            Replays.Replayed some = inbox.replays().run(selection, definitions, from);
            done += some.deliveries();
            from = some.next();
        } while (from.isPresent());
        return done;
    }

    private ReplayPlan plan(ReplaySelection selection) {
        return new ReplayPlanner(inbox.reader(), Definition.Lookup.NONE).plan(selection);
    }

    private static ReplaySelection allDead() {
        return ReplaySelection.dead(Optional.empty(), Optional.empty());
    }

    @Test
    void aDeadDeliveryGoesOnWithItsFinishedStepsAndItsKey() {
        subscribe("a");
        store("k1");
        Claimed first = claim("a");
        inbox.recordStep(first, new StepRecord("each[0]/save~1f", StepRecord.Kind.FINISHED, "unchanged", 1))
                .join();
        inbox.recordStep(first, new StepRecord("message~2f", StepRecord.Kind.BEGUN, "", 1))
                .join();
        settle(first, DeliveryState.DEAD);
        ReplaySelection one = ReplaySelection.delivery(first.deliveryId());

        assertThat(plan(one).parts()).singleElement().satisfies(part -> {
            assertThat(part.was()).contains(DeliveryState.DEAD);
            assertThat(part.from()).contains("message");
            assertThat(part.kept()).containsExactly("each/save");
        });
        assertThat(run(one)).isEqualTo(1);

        Claimed again = claim("a");
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.failures()).isZero();
        assertThat(again.deliveryKey()).isEqualTo(first.deliveryId());
        assertThat(inbox.reader().steps(first.deliveryId())).hasSize(1);
        assertThat(inbox.reader().delivery(first.deliveryId()).orElseThrow().manual())
                .isTrue();
    }

    @Test
    void aDeliveryThatSucceededRunsAnewUnderAnotherKeyEachTime() {
        subscribe("a");
        store("k1");
        Claimed first = claim("a");
        inbox.recordStep(first, new StepRecord("save~1f", StepRecord.Kind.FINISHED, "unchanged", 1))
                .join();
        settle(first, DeliveryState.SUCCEEDED);
        ReplaySelection one = ReplaySelection.delivery(first.deliveryId());

        assertThat(run(one)).isEqualTo(1);
        Claimed second = claim("a");
        assertThat(second.deliveryKey()).isEqualTo(first.deliveryId() + ".g1");
        assertThat(inbox.reader().steps(first.deliveryId())).isEmpty();
        settle(second, DeliveryState.DEAD);
        run(one);
        Claimed third = claim("a");
        assertThat(third.deliveryKey()).as("it goes on").isEqualTo(second.deliveryKey());
        settle(third, DeliveryState.SUCCEEDED);
        run(one);
        assertThat(claim("a").deliveryKey()).isEqualTo(first.deliveryId() + ".g2");
        assertThat(inbox.reader().delivery(first.deliveryId()).orElseThrow().generation())
                .isEqualTo(2);
    }

    @Test
    void aRunningDeliveryIsLeftAlone() {
        subscribe("a");
        store("k1");
        Claimed running = claim("a");
        ReplaySelection one = ReplaySelection.delivery(running.deliveryId());

        assertThat(plan(one).hindered()).containsExactly(new ReplayPlan.Hindered("a", ReplayPlan.Reason.RUNNING, 1));
        assertThat(run(one)).isZero();
        settle(running, DeliveryState.SUCCEEDED);
    }

    @Test
    void whatHasNoPayloadOrNoAutomationIsNamedAndLeftAlone() throws SQLException {
        subscribe("a");
        subscribe("deleted");
        String purged = store("k1");
        settle(claim("a"), DeliveryState.DEAD);
        settle(claim("deleted"), DeliveryState.DEAD);
        execute("UPDATE event SET body = NULL WHERE id = '" + purged + "'");
        inbox.unsubscribe("deleted").join();

        assertThat(plan(allDead()).hindered())
                .containsExactlyInAnyOrder(
                        new ReplayPlan.Hindered("a", ReplayPlan.Reason.PURGED, 1),
                        new ReplayPlan.Hindered("deleted", ReplayPlan.Reason.GONE, 1));
        assertThat(plan(allDead()).deliveries()).isZero();
        assertThat(run(allDead())).isZero();
        assertThat(InboxContract.dead(inbox)).hasSize(2);
    }

    @Test
    void deadLettersAreChosenByAutomationAndByWhenTheyDied() throws SQLException {
        subscribe("a");
        subscribe("b");
        store("k1");
        store("k2");
        for (String automation : List.of("a", "a", "b", "b")) {
            settle(claim(automation), DeliveryState.DEAD);
        }
        Instant yesterday = CLOCK.instant().minus(Duration.ofDays(1));
        String old = inbox.reader()
                .deliveries(Optional.of(DeliveryState.DEAD), Optional.of("a"), 0)
                .get(0)
                .id();
        execute("UPDATE delivery SET updated_at = 1000 WHERE id = '" + old + "'");

        assertThat(plan(allDead()).parts())
                .extracting(ReplayPlan.Part::automation, ReplayPlan.Part::deliveries)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", 2L), org.assertj.core.groups.Tuple.tuple("b", 2L));
        assertThat(run(ReplaySelection.dead(Optional.of("a"), Optional.of(yesterday))))
                .isEqualTo(1);
        assertThat(run(ReplaySelection.dead(Optional.of("b"), Optional.empty())))
                .isEqualTo(2);
        assertThat(InboxContract.dead(inbox)).containsExactly(old);
        assertThat(run(allDead())).isEqualTo(1);
    }

    @Test
    void manyDeadLettersAreEachReplayedOnceThoughTheyDieAgainMeanwhile() {
        subscribe("a");
        List<CompletableFuture<List<Stored>>> stored = new ArrayList<>();
        IntStream.range(0, 6_000)
                .forEach(i -> stored.add(inbox.store(List.of(new Arrival(
                        "koji",
                        "interview.completed",
                        Optional.empty(),
                        "k" + i,
                        Map.of(),
                        new byte[] {'1'},
                        CLOCK.instant())))));
        stored.forEach(CompletableFuture::join);
        dieAll();

        Replays.Replayed first = inbox.replays().run(allDead(), Definition.Lookup.NONE, Optional.empty());
        assertThat(first.deliveries()).isEqualTo(5_000);
        dieAll();
        Replays.Replayed second = inbox.replays().run(allDead(), Definition.Lookup.NONE, first.next());
        assertThat(second).isEqualTo(new Replays.Replayed(1_000, Optional.empty()));
        assertThatThrownBy(() -> inbox.replays().run(allDead(), Definition.Lookup.NONE, Optional.of("x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void dieAll() {
        List<Claimed> claimed = inbox.claim("a", 10_000).join().claimed();
        claimed.stream()
                .map(c -> inbox.settle(new Settlement(
                        c.deliveryId(),
                        new Settlement.Attempt(
                                c.attempt(),
                                CLOCK.instant(),
                                Duration.ZERO,
                                Settlement.Outcome.FAILED,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        DeliveryState.DEAD,
                        null,
                        1)))
                .toList()
                .forEach(CompletableFuture::join);
    }

    @Test
    void aBackfillDeliversWhatIsWantedAndMissedOnceInOrderOfArrival() throws SQLException {
        Instant now = CLOCK.instant();
        String tooOld = store("old", "interview.completed", now.minus(Duration.ofDays(9)));
        List<String> missed = IntStream.range(0, 1_200)
                .mapToObj(i -> store("k" + i, "interview.completed", now.minus(Duration.ofDays(6))))
                .toList();
        store("other", "study.published", now);
        String purged = store("purged", "interview.completed", now);
        execute("UPDATE event SET body = NULL WHERE id = '" + purged + "'");
        subscribe("a");
        String got = store("got");
        ReplaySelection week = ReplaySelection.missed("a", now.minus(Duration.ofDays(7)));

        ReplayPlan plan = plan(week);
        assertThat(plan.deliveries()).isEqualTo(1_200);
        assertThat(plan.eventTypes()).containsExactly(Map.entry("interview.completed", 1_200L));
        assertThat(plan.parts())
                .singleElement()
                .satisfies(part -> assertThat(part.was()).isEmpty());
        assertThat(plan.hindered()).containsExactly(new ReplayPlan.Hindered("a", ReplayPlan.Reason.PURGED, 1));

        assertThat(run(week)).isEqualTo(1_200);
        assertThat(run(week)).as("a second time").isZero();
        List<DeliverySummary> deliveries =
                new ArrayList<>(inbox.reader().deliveries(Optional.empty(), Optional.of("a"), 0));
        java.util.Collections.reverse(deliveries);
        assertThat(deliveries.subList(1, deliveries.size()))
                .extracting(DeliverySummary::eventId)
                .isEqualTo(missed);
        assertThat(deliveries.get(0).eventId()).isEqualTo(got);
        assertThat(deliveries).filteredOn(DeliverySummary::manual).hasSize(1_200);
        assertThat(inbox.reader().deliveriesOf(tooOld)).isEmpty();
    }

    @Test
    void backfillsAtTheSameTimeAndIngestMakeOneDeliveryForEach() {
        IntStream.range(0, 700).forEach(i -> store("k" + i));
        Definition.Lookup defined =
                id -> id.equals("new") ? Optional.of(new Definition(wish("new"), List.of())) : Optional.empty();
        ReplaySelection all = ReplaySelection.missed("new", CLOCK.instant().minus(Duration.ofDays(1)));

        List<CompletableFuture<Long>> runs = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> run(all, defined)))
                .toList();
        subscribe("new");
        IntStream.range(700, 900).forEach(i -> store("k" + i));
        runs.forEach(CompletableFuture::join);
        run(all, defined);

        List<DeliverySummary> deliveries = inbox.reader().deliveries(Optional.empty(), Optional.of("new"), 0);
        assertThat(deliveries).hasSize(900);
        assertThat(deliveries).extracting(DeliverySummary::eventId).doesNotHaveDuplicates();
    }

    @Test
    void anEventGoesToAnAutomationThatWasNotSubscribed() {
        subscribe("a");
        String event = store("k1");
        settle(claim("a"), DeliveryState.SUCCEEDED);
        subscribe("late");

        assertThat(plan(ReplaySelection.event(event, Optional.empty())).deliveries())
                .isEqualTo(1);
        ReplaySelection late = ReplaySelection.event(event, Optional.of("late"));
        assertThat(plan(late).parts()).singleElement().satisfies(part -> {
            assertThat(part.automation()).isEqualTo("late");
            assertThat(part.was()).isEmpty();
        });
        assertThat(run(late)).isEqualTo(1);
        assertThat(inbox.reader().deliveriesOf(event)).hasSize(2);
        settle(claim("late"), DeliveryState.SUCCEEDED);
        assertThat(run(ReplaySelection.event(event, Optional.empty()))).isEqualTo(2);
        assertThat(plan(ReplaySelection.event(event, Optional.of("nobody"))).hindered())
                .containsExactly(new ReplayPlan.Hindered("nobody", ReplayPlan.Reason.GONE, 1));
    }

    @Test
    void aReplayTellsWhoRunsDeliveries() {
        subscribe("a");
        store("k1");
        settle(claim("a"), DeliveryState.DEAD);
        List<String> told = new ArrayList<>();
        inbox.attach(new Runners() {
            @Override
            public boolean reserve(String automation) {
                return false;
            }

            @Override
            public void cancel(String automation) {}

            @Override
            public void run(Claimed claimed) {}

            @Override
            public void waiting(String automation) {
                told.add(automation);
            }
        });
        run(allDead());
        assertThat(told).containsExactly("a");
    }

    @Test
    void aKeyOfItsOwnLetsADeliveryIntoTheBlockAgain() {
        subscribe("a");
        store("k1");
        Claimed first = claim("a");
        inbox.addKey("a", "study-1", first.deliveryId()).join();
        settle(first, DeliveryState.SUCCEEDED);
        run(ReplaySelection.delivery(first.deliveryId()));

        assertThat(inbox.addKey("a", "study-1", claim("a").deliveryId()).join().kind())
                .isEqualTo(KeyAnswer.Kind.ADDED);
    }
}

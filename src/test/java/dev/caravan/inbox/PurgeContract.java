package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a purge removes and what it leaves, whatever database holds the inbox. */
@Timeout(60)
abstract class PurgeContract extends KeptInbox {
    private static final RetentionSettings USUAL = keeping(Optional.empty());

    private static RetentionSettings keeping(Optional<Duration> keys) {
        return new RetentionSettings(days(30), days(90), days(30), days(30), keys);
    }

    private static Optional<Duration> days(int days) {
        return Optional.of(Duration.ofDays(days));
    }

    private Purged purge(RetentionSettings settings) throws InterruptedException {
        return inbox.purge().run(settings);
    }

    private EventSummary summary(String event) {
        return inbox.reader().eventSummary(event).orElseThrow();
    }

    @Test
    void anOldEventLosesAllButItsKey() throws InterruptedException {
        subscribe("tell");
        String event = store("k1", "{\"name\":\"Ann\"}").eventId();
        String delivery = settle("tell", DeliveryState.SUCCEEDED);
        age(event, 31);

        assertThat(purge(USUAL)).isEqualTo(new Purged(1, 1, 0));

        assertThat(inbox.reader().delivery(delivery)).isEmpty();
        assertThat(inbox.reader().attemptsOf(delivery)).isEmpty();
        assertThat(inbox.reader().event(event).orElseThrow().hasPayload()).isFalse();
        assertThat(inbox.reader().event(event).orElseThrow().headers()).isEmpty();
        assertThat(summary(event).bytes()).isZero();
        assertThat(summary(event).removedAt()).isPresent();
        assertThat(purge(USUAL).isNothing()).isTrue();
    }

    @Test
    void aVendorsLateRetryIsStillADuplicateAndRunsNothing() throws InterruptedException {
        subscribe("tell");
        String event = store("k1", "{\"a\":1}").eventId();
        settle("tell", DeliveryState.SUCCEEDED);
        age(event, 31);
        purge(USUAL);

        assertThat(store("k1", "{\"a\":1}")).isEqualTo(new Stored(event, true));
        assertThat(store("k1", "{\"a\":2}")).isEqualTo(new Stored(event, true));

        assertThat(summary(event).duplicates()).isEqualTo(2);
        assertThat(summary(event).differing()).isEqualTo(1);
        assertThat(inbox.claim("tell", 10).join().claimed()).isEmpty();
    }

    @Test
    void eachStateHasItsOwnAge() throws InterruptedException {
        subscribe("tell");
        String succeeded = store("k1", "{}").eventId();
        settle("tell", DeliveryState.SUCCEEDED);
        String dead = store("k2", "{}").eventId();
        settle("tell", DeliveryState.DEAD);
        String young = store("k3", "{}").eventId();
        settle("tell", DeliveryState.SUCCEEDED);
        age(succeeded, 40);
        age(dead, 40);
        age(young, 29);

        assertThat(purge(USUAL)).isEqualTo(new Purged(1, 1, 0));
        assertThat(summary(succeeded).removedAt()).isPresent();
        assertThat(summary(dead).removedAt()).isEmpty();
        assertThat(summary(young).removedAt()).isEmpty();

        age(dead, 91);
        assertThat(purge(USUAL)).isEqualTo(new Purged(1, 1, 0));
    }

    @Test
    void anOpenDeliveryIsKeptHoweverOldAndItsEventWithIt() throws InterruptedException {
        subscribe("tell");
        String pending = store("k1", "{}").eventId();
        age(pending, 1_000);
        assertThat(purge(USUAL).isNothing()).isTrue();

        String delivery = settle("tell", DeliveryState.RETRYING);
        ageDelivery(delivery, 1_000);
        assertThat(purge(USUAL).isNothing()).isTrue();
        assertThat(inbox.reader().event(pending).orElseThrow().hasPayload()).isTrue();
    }

    @Test
    void anEventGoesWhenTheLastOfItsDeliveriesMay() throws InterruptedException {
        subscribe("one");
        subscribe("two");
        String event = store("k1", "{}").eventId();
        settle("one", DeliveryState.SUCCEEDED);
        String dead = settle("two", DeliveryState.DEAD);
        age(event, 60);
        assertThat(purge(USUAL).isNothing()).isTrue();

        ageDelivery(dead, 91);
        assertThat(purge(USUAL)).isEqualTo(new Purged(1, 2, 0));
    }

    @Test
    void anEventThatNobodyWantedGoesByItsArrival() throws InterruptedException {
        String old = store("k1", "{}").eventId();
        String young = store("k2", "{}").eventId();
        age(old, 31);

        assertThat(purge(USUAL)).isEqualTo(new Purged(1, 0, 0));
        assertThat(summary(young).removedAt()).isEmpty();
    }

    @Test
    void whatIsKeptForGoodIsNotPurged() throws InterruptedException {
        subscribe("tell");
        String event = store("k1", "{}").eventId();
        settle("tell", DeliveryState.SUCCEEDED);
        age(event, 10_000);
        Optional<Duration> never = Optional.empty();

        assertThat(purge(new RetentionSettings(never, days(1), days(1), days(1), never))
                        .isNothing())
                .isTrue();
        assertThat(purge(new RetentionSettings(never, never, never, never, never))
                        .isNothing())
                .isTrue();
    }

    @Test
    void theKeysOfADeadDeliveryAreFreeAndThoseOfADoneOneAreTaken() throws InterruptedException {
        subscribe("tell");
        String done = store("k1", "{}").eventId();
        String succeeded = settle("tell", DeliveryState.SUCCEEDED);
        inbox.addKey("tell", "order-1", succeeded).join();
        String failed = store("k2", "{}").eventId();
        String dead = settle("tell", DeliveryState.DEAD);
        inbox.addKey("tell", "order-2", dead).join();
        age(done, 400);
        age(failed, 400);

        assertThat(purge(USUAL).events()).isEqualTo(2);

        assertThat(inbox.addKey("tell", "order-1", "dlv_other").join()).isEqualTo(KeyAnswer.duplicate());
        assertThat(inbox.hasKey("tell", "order-2").join()).isFalse();
        assertThat(inbox.addKey("tell", "order-2", "dlv_other").join()).isEqualTo(KeyAnswer.added());
    }

    @Test
    void keysGoOnlyWhereAnAgeIsGivenAndTheirPayloadIsGone() throws InterruptedException {
        subscribe("tell");
        String purged = store("k1", "{}").eventId();
        String succeeded = settle("tell", DeliveryState.SUCCEEDED);
        inbox.addKey("tell", "order-1", succeeded).join();
        String open = store("k2", "{}").eventId();
        age(purged, 400);
        age(open, 400);
        execute("UPDATE idempotency SET added_at = 0");
        assertThat(purge(USUAL)).isEqualTo(new Purged(1, 1, 0));
        assertThat(purge(keeping(days(500)))).isEqualTo(new Purged(0, 0, 1));

        assertThat(purge(keeping(days(399)))).isEqualTo(new Purged(0, 0, 1));

        assertThat(inbox.reader().eventSummary(purged)).isEmpty();
        assertThat(store("k1", "{}").duplicate()).isFalse();
        assertThat(store("k2", "{}").duplicate()).isTrue();
    }

    @Test
    void aDeliveryOfAPurgedEventIsGivenUpAndSaysWhy() throws InterruptedException {
        subscribe("tell");
        String event = store("k1", "{}").eventId();
        String delivery = settle("tell", DeliveryState.DEAD);
        inbox.replays().run(ReplaySelection.delivery(delivery), Definition.Lookup.NONE, Optional.empty());
        execute("UPDATE event SET body = NULL WHERE id = '" + event + "'");

        assertThat(inbox.claim("tell", 10).join().claimed()).isEmpty();

        DeliverySummary given = inbox.reader().delivery(delivery).orElseThrow();
        assertThat(given.state()).isEqualTo(DeliveryState.DISCARDED);
        assertThat(given.lastAttempt().orElseThrow().message().orElseThrow()).contains("payload", "removed");
    }

    @Test
    void whatArrivesDuringALongPurgeIsStoredBeforeItEnds() throws Exception {
        List<Arrival> arrivals = IntStream.range(0, 2_000)
                .mapToObj(i -> arrival("koji", "k" + i, "{}"))
                .toList();
        inbox.store(arrivals).join();
        execute("UPDATE event SET received_at = 1000");
        CompletableFuture<Purged> purging = CompletableFuture.supplyAsync(() -> {
            try {
                return purge(USUAL);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        List<Boolean> purgeOver = new ArrayList<>();
        while (!purging.isDone()) {
            store("new" + purgeOver.size(), "{}");
            purgeOver.add(purging.isDone());
        }

        assertThat(purging.get(1, TimeUnit.SECONDS)).isEqualTo(new Purged(2_000, 0, 0));
        assertThat(purgeOver).as("stores that ended before the purge did").hasSizeGreaterThan(2_000 / Purge.BATCH);
    }

    @Test
    void aPurgeThatIsInterruptedLeavesWholeEvents() throws InterruptedException {
        String event = store("k1", "{}").eventId();
        age(event, 400);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> purge(USUAL)).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(inbox.reader().event(event).orElseThrow().hasPayload()).isTrue();
        assertThat(purge(USUAL).events()).isEqualTo(1);
    }

    @Test
    void twoPurgesAtOnceRemoveEachEventOnce() throws Exception {
        subscribe("tell");
        inbox.store(IntStream.range(0, 600)
                        .mapToObj(i -> arrival("koji", "k" + i, "{}"))
                        .toList())
                .join();
        execute("UPDATE delivery SET state = 'succeeded', updated_at = 1000");
        execute("UPDATE event SET received_at = 1000");
        List<CompletableFuture<Purged>> both = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return purge(USUAL);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();

        Purged first = both.get(0).get(30, TimeUnit.SECONDS);

        assertThat(first.plus(both.get(1).get(30, TimeUnit.SECONDS))).isEqualTo(new Purged(600, 600, 0));
        assertThat(value("SELECT count(*) FROM delivery")).isEqualTo("0");
    }
}

package dev.caravan.inbox;

import static dev.caravan.inbox.InboxContract.CLOCK;
import static dev.caravan.inbox.InboxContract.arrival;
import static dev.caravan.inbox.InboxContract.keys;
import static dev.caravan.inbox.InboxContract.settlement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one database. */
@Timeout(60)
class SharedInboxTest {
    private static final Duration LEASE = Duration.ofSeconds(1);

    @TempDir
    private Path one;

    @TempDir
    private Path two;

    private final String url = Postgres.newDatabase();
    private final List<Inbox> opened = new CopyOnWriteArrayList<>();

    private Inbox open(Path data) {
        Inbox inbox = Inbox.open(PostgresInboxTest.on(url, data, LEASE), CLOCK, CommitObserver.NONE);
        opened.add(inbox);
        return inbox;
    }

    @AfterEach
    void close() {
        opened.forEach(Inbox::close);
    }

    private static Subscription subscription(String automation, String... events) {
        return new Subscription(automation, "routes/" + automation + ".yaml", List.of("koji"), List.of(events));
    }

    private static Stored store(Inbox inbox, String key) {
        return inbox.store(List.of(arrival(key, "{}"))).join().get(0);
    }

    @Test
    void whatOneSubscribesHoldsForTheNextEventThatAnyOtherStores() {
        Inbox deliverer = open(one);
        Inbox receiver = open(two);
        store(receiver, "before");

        for (int i = 0; i < 20; i++) {
            deliverer.subscribe(subscription("a" + i, "*")).join();
            assertThat(receiver.reader().deliveriesOf(store(receiver, "k" + i).eventId()))
                    .hasSize(i + 1);
        }
    }

    @Test
    void eachKnowsHowManyThereAre() {
        Inbox first = open(one);
        Inbox second = open(two);
        assertThat(second.nodes()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(first.nodes()).isEqualTo(2));

        second.close();

        await().untilAsserted(() -> assertThat(first.nodes()).isEqualTo(1));
    }

    @Test
    void noDeliveryIsClaimedTwice() {
        Inbox first = open(one);
        Inbox second = open(two);
        first.subscribe(subscription("a", "*")).join();
        IntStream.range(0, 400).forEach(i -> store(i % 2 == 0 ? first : second, "k" + i));

        List<CompletableFuture<Claims>> claims = IntStream.range(0, 100)
                .mapToObj(i -> (i % 2 == 0 ? first : second).claim("a", 10))
                .toList();

        List<String> claimed =
                claims.stream().flatMap(c -> keys(c.join().claimed()).stream()).toList();
        assertThat(claimed).hasSize(400).doesNotHaveDuplicates();
    }

    @Test
    void theOthersHearOfADeliveryThatNobodyHasClaimed() {
        Inbox deliverer = open(one);
        Inbox receiver = open(two);
        List<String> heard = new CopyOnWriteArrayList<>();
        deliverer.attach(new Listening(heard));
        deliverer.subscribe(subscription("a", "*")).join();

        await().untilAsserted(() -> {
            store(receiver, "k" + heard.size());
            assertThat(heard).contains("a");
        });
    }

    @Test
    void aNodeThatLeavesGivesUpWhatItHadAtOnce() {
        Inbox leaving = open(one);
        Inbox staying = open(two);
        leaving.subscribe(subscription("a", "*")).join();
        store(leaving, "k1");
        assertThat(leaving.claim("a", 1).join().claimed()).hasSize(1);

        leaving.close();

        await().until(() -> !staying.claim("a", 1).join().claimed().isEmpty());
        assertThat(staying.reader().deliveriesOf(store(staying, "k2").eventId()))
                .as("its subscriptions stay")
                .hasSize(1);
    }

    @Test
    void aPausedNodeLosesItsDeliveriesAndCannotSettleThem() {
        Inbox paused = open(one);
        Inbox other = open(two);
        CountDownLatch pause = new CountDownLatch(1);
        paused.subscribe(subscription("a", "*")).join();
        store(paused, "k1");
        Claimed lost = paused.claim("a", 1).join().claimed().get(0);
        assertThat(paused.holds(lost)).isTrue();
        paused.attach(new Hanging(pause));
        CompletableFuture<List<Stored>> stuck = paused.store(List.of(arrival("stuck", "{}")));

        await().until(() -> !other.claim("a", 10).join().claimed().isEmpty());
        assertThat(paused.holds(lost)).isFalse();
        pause.countDown();

        assertThat(paused.settle(settlement(lost.deliveryId(), 1)).join()).isFalse();
        assertThat(paused.recordStep(lost, new StepRecord("message", StepRecord.Kind.FINISHED, "{}", 1))
                        .join())
                .isFalse();
        assertThat(stuck)
                .satisfiesAnyOf(
                        f -> assertThat(f).isCompletedExceptionally(),
                        f -> assertThat(f).isCompleted());
        await().untilAsserted(() -> {
            Stored again = store(paused, "later");
            assertThat(paused.reader().deliveriesOf(again.eventId())).hasSize(1);
            List<Claimed> claimed = paused.claim("a", 10).join().claimed();
            assertThat(claimed).allSatisfy(c -> assertThat(paused.holds(c)).isTrue());
        });
    }

    @Test
    void ofTwoVersionsOfARouteEachGetsWhatItWants() {
        Inbox old = open(one);
        Inbox fresh = open(two);
        old.subscribe(subscription("a", "study.*")).join();
        fresh.subscribe(subscription("a", "interview.*")).join();

        store(old, "k1");
        assertThat(old.claim("a", 10).join().claimed())
                .as("the old version knows nothing of interviews")
                .isEmpty();
        await().until(() -> keys(fresh.claim("a", 10).join().claimed()).equals(List.of("k1")));
    }

    @Test
    void anAutomationIsSubscribedForAsLongAsAnyNodeOfItsDeploymentHasIt() {
        Inbox old = open(one);
        old.subscribe(subscription("deleted", "*")).join();
        old.define(Set.of("deleted"));
        Inbox fresh = open(one);
        fresh.define(Set.of());
        assertThat(fresh.reader().deliveriesOf(store(fresh, "k1").eventId())).hasSize(1);

        old.close();

        await().untilAsserted(() -> {
            String id = store(fresh, "k" + System.nanoTime()).eventId();
            assertThat(fresh.reader().deliveriesOf(id)).isEmpty();
        });
    }

    @Test
    void anAutomationOfAnotherDeploymentStaysSubscribedWhileThatIsDown() {
        Inbox here = open(one);
        Inbox elsewhere = open(two);
        elsewhere.subscribe(subscription("theirs", "*")).join();
        elsewhere.define(Set.of("theirs"));
        elsewhere.close();

        here.define(Set.of("ours"));

        assertThat(here.reader().deliveriesOf(store(here, "k1").eventId())).hasSize(1);
    }

    @Test
    void orderHoldsAcrossNodes() {
        Inbox first = open(one);
        Inbox second = open(two);
        first.subscribe(subscription("a", "*")).join();
        IntStream.range(0, 50).forEach(i -> store(i % 2 == 0 ? first : second, "k" + i));
        first.reader()
                .unordered("a", 100)
                .forEach(d -> first.order("a", Map.of(d.deliveryId(), "one")).join());

        for (int i = 0; i < 50; i++) {
            CompletableFuture<Claims> here = first.claimInOrder("a", 10);
            CompletableFuture<Claims> there = second.claimInOrder("a", 10);
            List<Claimed> claimed = IntStream.of(0, 1)
                    .mapToObj(n -> n == 0 ? here : there)
                    .flatMap(c -> c.join().claimed().stream())
                    .toList();
            assertThat(keys(claimed)).containsExactly("k" + i);
            first.settle(settlement(claimed.get(0).deliveryId(), 1)).join();
        }
    }

    @Test
    void aNewVersionsAutomationStaysSubscribedWhileTheNewNodeIsAwayAndTheOldOneIsNot() {
        Inbox old = open(one);
        old.subscribe(subscription("both", "*")).join();
        old.define(Set.of("both"));
        Inbox fresh = open(one);
        fresh.subscribe(subscription("new", "*")).join();
        fresh.define(Set.of("both", "new"));

        fresh.close();
        old.define(Set.of("both"));

        assertThat(old.reader().deliveriesOf(store(old, "k1").eventId()))
                .extracting(DeliverySummary::automation)
                .containsExactly("both", "new");
    }

    @Test
    void aClaimThatIsNotOursIsNotGivenBack() {
        Inbox first = open(one);
        Inbox second = open(two);
        first.subscribe(subscription("a", "*")).join();
        store(first, "k1");
        Claimed theirs = second.claim("a", 1).join().claimed().get(0);
        Claimed lost = new Claimed(
                theirs.deliveryId(), "a", theirs.attempt(), 0, 0, theirs.event(), "nod_ofACommitThatWasLost", false);

        assertThat(first.release(lost, first.clock().instant()).join()).isFalse();
        assertThat(first.recordStep(lost, new StepRecord("s", StepRecord.Kind.FINISHED, "", 1))
                        .join())
                .isFalse();
        assertThat(second.settle(settlement(theirs.deliveryId(), 1)).join()).isTrue();
    }

    @Test
    void nodesThatOrderSeveralAutomationsDoNotStandInEachOthersWay() {
        Inbox first = open(one);
        Inbox second = open(two);
        List<String> automations = List.of("a", "b", "c", "d");
        automations.forEach(a -> first.subscribe(subscription(a, "*")).join());
        IntStream.range(0, 100).forEach(i -> store(first, "k" + i));
        Map<String, Map<String, String>> values = new HashMap<>();
        for (String automation : automations) {
            Map<String, String> of = new HashMap<>();
            first.reader()
                    .unordered(automation, 200)
                    .forEach(d -> of.put(d.deliveryId(), d.event().idempotencyKey()));
            values.put(automation, of);
        }

        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String here = automations.get(i % 4);
            String there = automations.get(3 - i % 4);
            writes.add(first.order(here, values.getOrDefault(here, Map.of())));
            writes.add(first.claimInOrder(here, 2));
            writes.add(second.order(there, values.getOrDefault(there, Map.of())));
            writes.add(second.claimInOrder(there, 2));
        }

        assertThat(writes)
                .allSatisfy(write -> assertThat(write)
                        .as("none has to wait until the server ends a deadlock")
                        .succeedsWithin(Duration.ofSeconds(20)));
    }

    /** Writes down which automations have something due. */
    private record Listening(List<String> heard) implements Runners {
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
            heard.add(automation);
        }
    }

    /** Holds up the writer for as long as the latch is closed. */
    private record Hanging(CountDownLatch latch) implements Runners {
        @Override
        public boolean reserve(String automation) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return false;
        }

        @Override
        public void cancel(String automation) {}

        @Override
        public void run(Claimed claimed) {}

        @Override
        public void waiting(String automation) {}
    }
}

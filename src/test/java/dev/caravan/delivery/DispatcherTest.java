package dev.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Settlement;
import dev.caravan.inbox.Subscription;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final RetrySchedule QUICK =
            new RetrySchedule(List.of(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMillis(10)));
    private static final LaneOptions OPTIONS = new LaneOptions(4, QUICK, Duration.ofSeconds(30));

    @TempDir
    private Path directory;

    private Inbox inbox;
    private Dispatcher dispatcher;

    @BeforeEach
    void open() {
        inbox = Inbox.open(directory, CLOCK);
        dispatcher = new Dispatcher(inbox, Duration.ofSeconds(30), settled -> {});
    }

    @AfterEach
    void close() {
        dispatcher.close();
        inbox.close();
    }

    private void subscribe(String automation) {
        inbox.subscribe(new Subscription(automation, "f", List.of("*"), List.of("*")))
                .join();
    }

    private void store(int from, int to) {
        for (int i = from; i < to; i++) {
            Arrival arrival = new Arrival(
                    "koji", "t", Optional.empty(), "k" + i, Map.of(), new byte[] {'{', '}'}, CLOCK.instant());
            if (i == to - 1) {
                inbox.store(List.of(arrival)).join();
            } else {
                inbox.store(List.of(arrival));
            }
        }
    }

    private long count(DeliveryState state) {
        return inbox.reader().deliveryCounts().getOrDefault(state, 0L);
    }

    private void awaitCount(DeliveryState state, long count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> count(state) == count);
    }

    private static AttemptRunner always(Outcome outcome) {
        return (attempt, done) -> done.accept(outcome);
    }

    @Test
    void everyDeliveryRunsOnceWhateverTheOrderOfArrivalAndStart() {
        subscribe("a");
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        store(0, 500);
        dispatcher.open("a", OPTIONS, (attempt, done) -> {
            ran.add(attempt.claimed().event().idempotencyKey());
            done.accept(new Outcome.Succeeded());
        });
        store(500, 1_000);

        awaitCount(DeliveryState.SUCCEEDED, 1_000);
        assertThat(ran).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void noMoreRunAtOnceThanAllowed() {
        subscribe("a");
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        dispatcher.open("a", OPTIONS, (attempt, done) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            now.decrementAndGet();
            done.accept(new Outcome.Succeeded());
        });
        store(0, 300);

        awaitCount(DeliveryState.SUCCEEDED, 300);
        assertThat(most).hasValueLessThanOrEqualTo(4);
    }

    @Test
    void aPassingFailureIsRetriedAndThenDead() {
        subscribe("a");
        AtomicInteger runs = new AtomicInteger();
        dispatcher.open("a", OPTIONS, (attempt, done) -> {
            runs.incrementAndGet();
            attempt.begin("message");
            done.accept(new Outcome.Failed(
                    StepFailure.ofStatus("Slack answered 503.", 503, null, "later"), attempt.step()));
        });
        store(0, 1);

        awaitCount(DeliveryState.DEAD, 1);
        assertThat(runs).hasValue(4);
        DeliverySummary dead =
                inbox.reader().deliveries(Optional.empty(), Optional.empty(), 1).get(0);
        assertThat(inbox.reader().attemptsOf(dead.id())).hasSize(4).allSatisfy(a -> {
            assertThat(a.outcome()).isEqualTo(Settlement.Outcome.FAILED);
            assertThat(a.step()).contains("message");
            assertThat(a.httpStatus()).contains(503);
            assertThat(a.responseExcerpt()).contains("later");
        });
    }

    @Test
    void aPermanentFailureIsDeadAtOnce() {
        subscribe("a");
        dispatcher.open("a", OPTIONS, always(new Outcome.Failed(StepFailure.permanent("no"), Optional.empty())));
        store(0, 1);

        awaitCount(DeliveryState.DEAD, 1);
        assertThat(inbox.reader()
                        .deliveries(Optional.empty(), Optional.empty(), 1)
                        .get(0)
                        .attempts())
                .isEqualTo(1);
    }

    @Test
    void anAutomationThatHangsDoesNotHoldUpAnother() {
        subscribe("hangs");
        subscribe("works");
        CountDownLatch release = new CountDownLatch(1);
        dispatcher.open("hangs", OPTIONS, (attempt, done) -> {
            awaitLatch(release);
            done.accept(new Outcome.Succeeded());
        });
        dispatcher.open("works", OPTIONS, always(new Outcome.Succeeded()));
        store(0, 200);

        awaitCount(DeliveryState.SUCCEEDED, 200);
        release.countDown();
        awaitCount(DeliveryState.SUCCEEDED, 400);
    }

    @Test
    void anAttemptThatTakesTooLongIsOverAndItsNextStepRefused() {
        subscribe("a");
        Queue<String> late = new ConcurrentLinkedQueue<>();
        LaneOptions impatient = new LaneOptions(1, new RetrySchedule(List.of()), Duration.ofMillis(100));
        dispatcher.open("a", impatient, (attempt, done) -> {
            attempt.begin("slow");
            awaitLatch(new CountDownLatch(1));
            try {
                attempt.begin("next");
            } catch (StepFailure e) {
                late.add(String.valueOf(e.getMessage()));
            }
            done.accept(new Outcome.Succeeded());
        });
        store(0, 1);

        awaitCount(DeliveryState.DEAD, 1);
        await().until(() -> late.size() == 1);
        assertThat(late).containsExactly("The attempt was over before step next began.");
        DeliverySummary dead =
                inbox.reader().deliveries(Optional.empty(), Optional.empty(), 1).get(0);
        assertThat(dead.lastAttempt().orElseThrow().outcome()).isEqualTo(Settlement.Outcome.TIMED_OUT);
        assertThat(dead.lastAttempt().orElseThrow().step()).contains("slow");
    }

    @Test
    void aPostponedDeliveryComesBackWithoutCounting() {
        subscribe("a");
        AtomicInteger runs = new AtomicInteger();
        dispatcher.open(
                "a",
                OPTIONS,
                (attempt, done) -> done.accept(
                        runs.incrementAndGet() < 3
                                ? new Outcome.Postponed(CLOCK.instant().plusMillis(20))
                                : new Outcome.Succeeded()));
        store(0, 1);

        awaitCount(DeliveryState.SUCCEEDED, 1);
        assertThat(inbox.reader()
                        .deliveries(Optional.empty(), Optional.empty(), 1)
                        .get(0)
                        .attempts())
                .isEqualTo(1);
    }

    @Test
    void aLaneThatIsReplacedWhileEventsStreamLosesAndDoublesNone() {
        subscribe("a");
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        AttemptRunner runner = (attempt, done) -> {
            ran.add(attempt.claimed().deliveryId());
            done.accept(new Outcome.Succeeded());
        };
        Lane lane = dispatcher.open("a", OPTIONS, runner);
        for (int round = 0; round < 20; round++) {
            store(round * 100, round * 100 + 100);
            lane.pause();
            assertThat(lane.awaitIdle(Duration.ofSeconds(10))).isTrue();
            lane.close();
            lane = dispatcher.open("a", OPTIONS, runner);
        }

        awaitCount(DeliveryState.SUCCEEDED, 2_000);
        assertThat(ran).hasSize(2_000).doesNotHaveDuplicates();
    }

    @Test
    void closingFinishesWhatRunsAndLeavesTheRestForTheNextStart() {
        subscribe("a");
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        LaneOptions one = new LaneOptions(1, QUICK, Duration.ofSeconds(30));
        dispatcher.open("a", one, (attempt, done) -> {
            began.countDown();
            awaitLatch(release);
            done.accept(new Outcome.Succeeded());
        });
        store(0, 5);
        awaitLatch(began);
        Thread closer = new Thread(dispatcher::close);
        closer.start();
        release.countDown();
        await().until(() -> !closer.isAlive());
        inbox.close();
        inbox = Inbox.open(directory, CLOCK);

        assertThat(count(DeliveryState.SUCCEEDED)).isEqualTo(1);
        assertThat(inbox.reader().deliveries(Optional.of(DeliveryState.PENDING), Optional.empty(), 10))
                .hasSize(4)
                .allSatisfy(d -> assertThat(d.attempts()).isZero());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void everyAttemptIsToldToTheObserver() {
        subscribe("a");
        dispatcher.close();
        Queue<DeliveryState> told = new ConcurrentLinkedQueue<>();
        Consumer<Settled> observer = s -> told.add(s.settlement().state());
        dispatcher = new Dispatcher(inbox, Duration.ofSeconds(1), observer);
        dispatcher.open("a", OPTIONS, always(new Outcome.Succeeded()));
        store(0, 3);

        await().untilAsserted(() -> assertThat(told)
                .containsExactly(DeliveryState.SUCCEEDED, DeliveryState.SUCCEEDED, DeliveryState.SUCCEEDED));
    }
}

package dev.caravan.delivery;

import static org.awaitility.Awaitility.await;

import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.Inbox;
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
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a closed lane still had in hand goes on in the lane that follows it. */
class LaneHandoverTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final RetrySchedule SOON = new RetrySchedule(List.of(Duration.ofMillis(10)));
    private static final LaneOptions OPTIONS = new LaneOptions(4, SOON, Duration.ofSeconds(30));

    @TempDir
    private Path directory;

    private Inbox inbox;
    private Dispatcher dispatcher;

    @BeforeEach
    void open() {
        inbox = Inbox.open(directory, CLOCK);
        dispatcher = dispatcher(settled -> {});
        inbox.subscribe(new Subscription("a", "f", List.of("*"), List.of("*"))).join();
    }

    private Dispatcher dispatcher(Consumer<Settled> observer) {
        return new Dispatcher(inbox, Duration.ofSeconds(5), observer);
    }

    @AfterEach
    void close() {
        dispatcher.close();
        inbox.close();
    }

    private void store(String key) {
        inbox.store(List.of(new Arrival(
                        "koji", "t", Optional.empty(), key, Map.of(), new byte[] {'{', '}'}, CLOCK.instant())))
                .join();
    }

    private void awaitSucceeded(long count) {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> inbox.reader().deliveryCounts().getOrDefault(DeliveryState.SUCCEEDED, 0L) == count);
    }

    private static void succeed(Attempt attempt, Consumer<Outcome> done) {
        done.accept(new Outcome.Succeeded());
    }

    @Test
    void whatWasClaimedWhileTheLaneClosedRunsInTheNext() {
        CountDownLatch writerHangs = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        dispatcher.close();
        dispatcher = dispatcher(settled -> {
            if (settled.claimed().automation().equals("other")) {
                writerHangs.countDown();
                awaitLatch(mayGoOn);
            }
        });
        inbox.subscribe(new Subscription("other", "f", List.of("*"), List.of("*")))
                .join();
        dispatcher.open("other", OPTIONS, LaneHandoverTest::succeed);
        store("k");
        awaitLatch(writerHangs);
        dispatcher.open("a", OPTIONS, LaneHandoverTest::succeed).close();
        dispatcher.open("a", OPTIONS, LaneHandoverTest::succeed);
        mayGoOn.countDown();

        awaitSucceeded(2);
    }

    @Test
    void anAttemptThatEndsAfterItsLaneWasClosedIsRetriedInTheNext() {
        Queue<Consumer<Outcome>> hanging = new ConcurrentLinkedQueue<>();
        Lane cutOff = dispatcher.open("a", OPTIONS, (attempt, done) -> hanging.add(done));
        store("k");
        await().until(() -> hanging.size() == 1);
        cutOff.close();
        dispatcher.open("a", OPTIONS, LaneHandoverTest::succeed);
        inbox.probe().join();
        inbox.probe().join();

        hanging.remove().accept(new Outcome.Failed(StepFailure.passing("cut off", null), Optional.empty()));

        awaitSucceeded(1);
    }

    @Test
    void anObserverThatFailsTakesNoPlaceInTheLane() {
        dispatcher.close();
        dispatcher = dispatcher(settled -> {
            throw new IllegalStateException("an observer that fails");
        });
        dispatcher.open("a", new LaneOptions(1, SOON, Duration.ofSeconds(30)), LaneHandoverTest::succeed);
        for (int i = 0; i < 5; i++) {
            store("k" + i);
        }

        awaitSucceeded(5);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.Definition;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.ReplaySelection;
import dev.caravan.inbox.Settlement;
import dev.caravan.inbox.Subscription;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A delivery whose node stops each time that it runs. */
@Timeout(60)
class InterruptedDeliveryTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WAIT = Duration.ofHours(1);
    private static final LaneOptions OPTIONS =
            new LaneOptions(4, new RetrySchedule(List.of(WAIT, WAIT)), Duration.ofSeconds(30));

    @TempDir
    private Path directory;

    private final AtomicInteger runs = new AtomicInteger();
    private Clock clock = Clock.systemUTC();

    private void arrives() {
        try (Inbox inbox = Inbox.open(directory, clock)) {
            inbox.subscribe(new Subscription("a", "f", List.of("*"), List.of("*")))
                    .join();
            inbox.store(List.of(new Arrival(
                            "koji", "t", Optional.empty(), "k", Map.of(), new byte[] {'{', '}'}, clock.instant())))
                    .join();
        }
    }

    /** A node that ends with the claim unsettled, as a killed one does. */
    private void interrupted() {
        try (Inbox inbox = Inbox.open(directory, clock)) {
            assertThat(inbox.claim("a", 1).join().claimed()).hasSize(1);
        }
    }

    private void interrupted(int times) {
        for (int i = 0; i < times; i++) {
            interrupted();
        }
    }

    private void laterBy(Duration time) {
        clock = Clock.offset(clock, time);
    }

    /** A node that runs until its delivery is as expected. */
    private DeliverySummary runUntil(DeliveryState state, int attempts, Outcome outcome) {
        try (Inbox inbox = Inbox.open(directory, clock);
                Dispatcher dispatcher = new Dispatcher(inbox, Duration.ofSeconds(5), settled -> {})) {
            dispatcher.open("a", OPTIONS, (attempt, done) -> {
                runs.incrementAndGet();
                done.accept(outcome);
            });
            await().atMost(SOON)
                    .until(() -> only(inbox).state() == state && only(inbox).attempts() == attempts);
            return only(inbox);
        }
    }

    private static DeliverySummary only(Inbox inbox) {
        return inbox.reader().deliveries(Optional.empty(), Optional.empty(), 0).get(0);
    }

    @Test
    void twoInterruptionsCostNothing() {
        arrives();
        interrupted(2);
        runUntil(DeliveryState.SUCCEEDED, 3, new Outcome.Succeeded());
    }

    @Test
    void fromTheThirdOnItWaitsAsAfterAFailure() {
        arrives();
        interrupted(3);
        DeliverySummary waiting = runUntil(DeliveryState.PENDING, 3, new Outcome.Succeeded());
        assertThat(runs).hasValue(0);
        assertThat(waiting.dueAt().orElseThrow())
                .isBetween(
                        clock.instant().plus(WAIT).minusSeconds(60),
                        clock.instant().plus(WAIT.multipliedBy(2)));

        laterBy(WAIT.plus(WAIT.dividedBy(5)));
        runUntil(DeliveryState.SUCCEEDED, 4, new Outcome.Succeeded());
    }

    @Test
    void whenItsScheduleIsUsedUpItIsDeadAndAReplayRunsIt() {
        arrives();
        interrupted(3);
        laterBy(WAIT.multipliedBy(2));
        interrupted();
        laterBy(WAIT.multipliedBy(2));
        interrupted();
        DeliverySummary dead = runUntil(DeliveryState.DEAD, 6, new Outcome.Succeeded());
        assertThat(runs).hasValue(0);
        try (Inbox inbox = Inbox.open(directory, clock)) {
            Settlement.Attempt last = inbox.reader().attemptsOf(dead.id()).get(5);
            assertThat(last.message().orElse("")).startsWith("The node stopped during each of the last 5 attempts");
            inbox.replays().run(ReplaySelection.delivery(dead.id()), Definition.Lookup.NONE, Optional.empty());
        }
        runUntil(DeliveryState.SUCCEEDED, 7, new Outcome.Succeeded());
    }

    @Test
    void anAttemptThatEndsStartsTheCountAnew() {
        arrives();
        interrupted(2);
        runUntil(
                DeliveryState.RETRYING, 3, new Outcome.Failed(StepFailure.passing("Not now.", null), Optional.empty()));
        laterBy(WAIT.multipliedBy(2));
        interrupted(2);
        runUntil(DeliveryState.SUCCEEDED, 6, new Outcome.Succeeded());
    }
}

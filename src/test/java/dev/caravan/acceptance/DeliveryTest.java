package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.acceptance.SlackStandIn.Reply;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a delivery whose destination does not do its part. */
@Timeout(60)
class DeliveryTest {
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

    private void answers(Reply... first) {
        AtomicInteger count = new AtomicInteger();
        place.slack().answer(text -> {
            int i = count.getAndIncrement();
            return i < first.length ? first[i] : SlackStandIn.OK;
        });
    }

    private List<Settlement.Attempt> attempts(DeliverySummary delivery) {
        return place.inbox().attemptsOf(delivery.id());
    }

    private static Duration pause(List<Settlement.Attempt> attempts) {
        return Duration.between(
                attempts.get(0).startedAt().plus(attempts.get(0).duration()),
                attempts.get(1).startedAt());
    }

    @Test
    void aFailureThatPassesIsRetriedOnScheduleUntilTheMessageIsThere() {
        answers(Reply.of(500), Reply.of(503));
        place.route("tell", toSlack("tell", "Done:", "retry: 300ms,600ms,1h")).start();

        place.koji(Vendor.interview("int_1"));
        DeliverySummary delivery = place.awaitOnly("tell", DeliveryState.SUCCEEDED);

        assertThat(place.slack().accepted()).hasSize(1);
        assertThat(place.slack().asked()).hasSize(3);
        List<Settlement.Attempt> attempts = attempts(delivery);
        assertThat(attempts).extracting(Settlement.Attempt::number).containsExactly(1, 2, 3);
        assertThat(attempts)
                .extracting(Settlement.Attempt::outcome)
                .containsExactly(Settlement.Outcome.FAILED, Settlement.Outcome.FAILED, Settlement.Outcome.SUCCEEDED);
        assertThat(attempts.get(0).httpStatus()).hasValue(500);
        assertThat(attempts.get(0).step()).hasValue("message");
        assertThat(pause(attempts)).isBetween(Duration.ofMillis(280), Duration.ofMillis(2_000));
        assertThat(pause(attempts.subList(1, 3))).isBetween(Duration.ofMillis(580), Duration.ofMillis(3_000));
    }

    @Test
    void theDestinationsOwnRetryAfterTakesTheSchedulesPlace() {
        answers(new Reply(429, "slow down", Map.of("Retry-After", "2")));
        place.route("tell", toSlack("tell", "Done:", "retry: 50ms")).start();

        place.koji(Vendor.interview("int_1"));
        DeliverySummary delivery = place.awaitOnly("tell", DeliveryState.SUCCEEDED);

        assertThat(pause(attempts(delivery))).isBetween(Duration.ofMillis(1_950), Duration.ofMillis(4_000));
        assertThat(attempts(delivery).get(0).httpStatus()).hasValue(429);
    }

    @Test
    void aPermanentFailureIsADeadLetterAtOnceWithStepAndStatus() {
        answers(Reply.of(404));
        place.route("tell", toSlack("tell", "Done:", "retry: 50ms,50ms")).start();

        place.koji(Vendor.interview("int_1"));
        DeliverySummary delivery = place.awaitOnly("tell", DeliveryState.DEAD);

        assertThat(attempts(delivery)).singleElement().satisfies(attempt -> {
            assertThat(attempt.step()).hasValue("message");
            assertThat(attempt.httpStatus()).hasValue(404);
            assertThat(attempt.message()).isPresent();
        });
        assertThat(place.slack().asked()).hasSize(1);
    }

    @Test
    void aScheduleThatIsUsedUpEndsAsADeadLetterThatAVendorsRetryDoesNotRevive() {
        place.slack().answer(text -> Reply.of(500));
        place.route("tell", toSlack("tell", "Done:", "retry: 50ms,50ms")).start();
        String body = Vendor.interview("int_1");

        place.koji(body);
        DeliverySummary delivery = place.awaitOnly("tell", DeliveryState.DEAD);
        assertThat(attempts(delivery)).hasSize(3);

        place.slack().answer(text -> SlackStandIn.OK);
        assertThat(place.koji(body).summary()).isEqualTo("200 duplicate");
        assertThat(place.only("tell").state()).isEqualTo(DeliveryState.DEAD);
        assertThat(place.slack().accepted()).isEmpty();
    }

    @Test
    void anAttemptThatTakesTooLongEndsAndIsTriedAgain() {
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        place.slack().answer(text -> {
            if (count.getAndIncrement() == 0) {
                TerminationTest.awaitLatch(hold);
            }
            return SlackStandIn.OK;
        });
        place.set("caravan.delivery.timeout", "1s")
                .route("tell", toSlack("tell", "Done:", "retry: 100ms"))
                .start();

        place.koji(Vendor.interview("int_1"));
        DeliverySummary delivery = place.awaitOnly("tell", DeliveryState.SUCCEEDED);
        hold.countDown();

        assertThat(attempts(delivery).get(0).outcome()).isEqualTo(Settlement.Outcome.TIMED_OUT);
        assertThat(attempts(delivery).get(0).step()).hasValue("message");
        assertThat(attempts(delivery)).hasSize(2);
    }

    @Test
    void anAutomationThatHangsDoesNotHoldUpAnother() {
        CountDownLatch hold = new CountDownLatch(1);
        place.slack().answer(text -> {
            if (text.startsWith("Slow")) {
                TerminationTest.awaitLatch(hold);
            }
            return SlackStandIn.OK;
        });
        place.route("slow", toSlack("slow", "Slow"))
                .route("quick", toSlack("quick", "Quick"))
                .start();
        for (int i = 0; i < 100; i++) {
            place.koji(Vendor.interview("int_" + i));
        }
        await().atMost(Duration.ofSeconds(15))
                .until(() -> place.slack().accepted().stream()
                                .filter(text -> text.startsWith("Quick"))
                                .count()
                        == 100);
        assertThat(place.deliveries("slow")).noneMatch(d -> d.state() == DeliveryState.SUCCEEDED);
        hold.countDown();
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void anAutomationThatFailsDoesNotRepeatAnother() {
        place.slack().answer(text -> text.startsWith("Bad") ? Reply.of(500) : SlackStandIn.OK);
        place.route("bad", toSlack("bad", "Bad", "retry: 50ms,50ms"))
                .route("good", toSlack("good", "Good"))
                .start();
        place.koji(Vendor.interview("int_1"));
        place.awaitOnly("bad", DeliveryState.DEAD);
        place.awaitOnly("good", DeliveryState.SUCCEEDED);
        assertThat(place.slack().accepted()).hasSize(1);
    }

    @Test
    void aPayloadThatTheRouteCannotUseIsADeadLetterWithItsStep() {
        place.route("tell", """
                        - route:
                            id: tell
                            from:
                              uri: inbox:koji
                              steps:
                                - setBody:
                                    id: pick
                                    simple: "${body[nothing][here]}"
                        """).start();
        place.koji(Vendor.interview("int_1"));
        DeliverySummary delivery = place.awaitOnly("tell", DeliveryState.DEAD);
        assertThat(attempts(delivery).get(0).step()).hasValue("pick");
    }
}

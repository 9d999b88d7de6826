package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.StepFailure;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.Settlement;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps whose effect may have happened without a record of it. */
class UnsureStepTest {
    @TempDir
    private Path base;

    private final CountDownLatch release = new CountDownLatch(1);
    private DurableFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = with(base);
    }

    private DurableFixture with(Path directory) throws Exception {
        return new DurableFixture(directory).step("one").step("two").step("three");
    }

    @AfterEach
    void close() {
        release.countDown();
        fixture.close();
    }

    private static String saying(String choice) {
        return DurableFixture.route("""
                - process: {id: one, ref: one}
                - to: {id: say, uri: kamelet:say-sink, parameters: {text: "hi"%s}}
                - process: {id: three, ref: three}
                """.formatted(choice));
    }

    private void unsureOnce() {
        AtomicInteger calls = new AtomicInteger();
        fixture.hearing(text -> {
            if (calls.getAndIncrement() == 0) {
                throw StepFailure.unsure("The connection broke", null);
            }
        });
    }

    @Test
    void anUnsureStepRunsAgainUnlessTheRouteSaysOtherwise() throws Exception {
        unsureOnce();
        fixture.start(saying("")).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "hi|x", "hi|x", "three=x");
        assertThat(fixture.messages())
                .containsExactly("The connection broke", "Step say was unsure after attempt 1 and ran again.");
    }

    @Test
    void anUnsureStepIsSkippedWhereTheRouteWantsIt() throws Exception {
        unsureOnce();
        fixture.fails("three=x", 1)
                .start(saying(", whenUnsure: skip"))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "hi|x", "three=x", "three=x");
        assertThat(fixture.messages())
                .containsExactly(
                        "The connection broke", "not now. Step say was unsure after attempt 1 and was skipped.", "");
    }

    @Test
    void aStepThatSurelyFailedIsNotUnsure() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        fixture.hearing(text -> {
            if (calls.getAndIncrement() == 0) {
                throw StepFailure.passing("busy", null);
            }
        });
        fixture.start(saying(", whenUnsure: skip")).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "hi|x", "hi|x", "three=x");
        assertThat(fixture.messages()).containsExactly("busy", "");
    }

    @Test
    void onlyTheUnsureElementOfASplitIsSkipped() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        fixture.hearing(text -> {
            if (calls.incrementAndGet() == 2) {
                throw StepFailure.unsure("The connection broke", null);
            }
        });
        fixture.start(DurableFixture.route("""
                        - split:
                            simple: "${body}"
                            stopOnException: true
                            steps:
                              - to: {id: say, uri: kamelet:say-sink, parameters: {text: "hi", whenUnsure: skip}}
                        """)).send("[\"a\",\"b\",\"c\"]").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("hi|a", "hi|b", "hi|c");
    }

    private DurableFixture crashInSay(String route) throws Exception {
        crashInSay(route, "\"x\"", 1, 1);
        return with(base).start(route);
    }

    /** Crashes while so many calls are in {@code say-sink}, after the first ones have come out of it. */
    private void crashInSay(String route, String payload, int from, int count) throws Exception {
        CountDownLatch saying = new CountDownLatch(count);
        AtomicInteger calls = new AtomicInteger();
        fixture.hearing(text -> {
            if (calls.incrementAndGet() >= from) {
                saying.countDown();
                release.await();
            }
        });
        fixture.start(route).send(payload);
        await().until(() -> saying.getCount() == 0);
        fixture.crash();
    }

    private static String saySplit(boolean atOnce) {
        return DurableFixture.route("""
                - split:
                    simple: "${body}"
                    parallelProcessing: %s
                    stopOnException: true
                    steps:
                      - to: {id: say, uri: kamelet:say-sink, parameters: {text: "hi"}}
                      - process: {id: two, ref: two}
                - process: {id: three, ref: three}
                """.formatted(atOnce));
    }

    @Test
    void afterACrashInASplitOnlyWhatMayHaveRunIsUnsure() throws Exception {
        crashInSay(saySplit(false), "[\"a\",\"b\",\"c\"]", 2, 1);
        try (DurableFixture next = with(base).start(saySplit(false))) {
            next.await(DeliveryState.SUCCEEDED);

            assertThat(next.did).containsExactly("hi|b", "two=b", "hi|c", "two=c", "three=[a, b, c]");
            assertThat(next.messages()).last().isEqualTo("Step say was unsure after attempt 1 and ran again.");
        }
    }

    @Test
    void afterACrashInElementsThatRunAtOnceNoOtherStepIsUnsure() throws Exception {
        crashInSay(saySplit(true), "[\"a\",\"b\"]", 1, 2);
        try (DurableFixture next = with(base).start(saySplit(true))) {
            next.await(DeliveryState.SUCCEEDED);

            assertThat(next.did).contains("hi|a", "hi|b").endsWith("three=[a, b]");
            assertThat(next.messages()).last().isEqualTo("Step say was unsure after attempt 1 and ran again.");
        }
    }

    @Test
    void afterACrashTheDoubtLastsUntilItsStepIsReached() throws Exception {
        String route = DurableFixture.route("""
                - filter:
                    ref: gate
                    steps:
                      - to: {id: say, uri: kamelet:say-sink, parameters: {text: "hi"}}
                """);
        fixture.context.getRegistry().bind("gate", (Predicate) exchange -> true);
        crashInSay(route, "\"x\"", 1, 1);
        try (DurableFixture next = with(base)) {
            next.context.getRegistry().bind("gate", (Predicate) exchange -> {
                if (exchange.getVariable("attempt", Integer.class) == 2) {
                    throw new IllegalStateException("not yet");
                }
                return true;
            });
            next.start(route).await(DeliveryState.SUCCEEDED);

            assertThat(next.messages())
                    .hasSize(3)
                    .last()
                    .isEqualTo("Step say was unsure after attempt 1 and ran again.");
        }
    }

    @Test
    void afterACrashTheStepThatMayHaveRunIsSkippedWhereTheRouteWantsIt() throws Exception {
        try (DurableFixture next = crashInSay(saying(", whenUnsure: skip"))) {
            next.await(DeliveryState.SUCCEEDED);

            assertThat(next.did).containsExactly("three=x");
            assertThat(next.messages())
                    .containsExactly(
                            "The node stopped before this attempt ended.",
                            "Step say was unsure after attempt 1 and was skipped.");
        }
    }

    @Test
    void afterACrashTheStepThatMayHaveRunRunsAgainAndTheAttemptSaysSo() throws Exception {
        try (DurableFixture next = crashInSay(saying(""))) {
            next.await(DeliveryState.SUCCEEDED);

            assertThat(next.did).containsExactly("hi|x", "three=x");
            assertThat(next.messages()).last().isEqualTo("Step say was unsure after attempt 1 and ran again.");
        }
    }

    @Test
    void aCrashBeforeAStepThatIsSkippedWhenUnsureLosesNothing() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        fixture.step("one", exchange -> {
            running.countDown();
            release.await();
        });
        fixture.start(saying(", whenUnsure: skip")).send("\"x\"");
        await().until(() -> running.getCount() == 0);
        fixture.crash();

        try (DurableFixture next = with(base).start(saying(", whenUnsure: skip"))) {
            next.await(DeliveryState.SUCCEEDED);
            assertThat(next.did).containsExactly("one=x", "hi|x", "three=x");
        }
    }

    @Test
    void aStepThatTimesOutIsUnsure() throws Exception {
        fixture.close();
        fixture = DurableFixture.withTimeout(base, 1).step("one").step("three");
        AtomicInteger calls = new AtomicInteger();
        fixture.hearing(text -> {
            if (calls.getAndIncrement() == 0) {
                release.await();
            }
        });
        fixture.start(saying(", whenUnsure: skip")).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "hi|x", "three=x");
        assertThat(fixture.inbox.reader().attemptsOf(fixture.delivery().id()))
                .extracting(Settlement.Attempt::outcome)
                .containsExactly(Settlement.Outcome.TIMED_OUT, Settlement.Outcome.SUCCEEDED);
    }

    @Test
    void whatIsNotKnownStaysSoUntilItsStepIsReached() throws Exception {
        AtomicInteger ones = new AtomicInteger();
        unsureOnce();
        fixture.step("before", exchange -> {}).context.getRegistry().bind("gate", (Predicate) exchange -> {
            if (ones.incrementAndGet() == 2) {
                throw new IllegalStateException("not yet");
            }
            return true;
        });
        fixture.start(DurableFixture.route("""
                        - filter:
                            ref: gate
                            steps:
                              - to: {id: say, uri: kamelet:say-sink, parameters: {text: "hi", whenUnsure: skip}}
                        """)).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("hi|x");
        assertThat(fixture.delivery().attempts()).isEqualTo(3);
    }

    private static final String REFUSE = """
            CREATE TRIGGER refuse BEFORE INSERT ON step WHEN NEW.kind = 'finished' BEGIN SELECT RAISE(ABORT, 'no'); END""";

    @Test
    void aStepWhoseRecordIsRefusedIsUnsureAndNoCatchOfTheRoute() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        fixture.hearing(text -> {
            if (calls.getAndIncrement() == 0) {
                fixture.execute(REFUSE);
            } else {
                fixture.execute("DROP TRIGGER refuse");
            }
        });
        fixture.start(DurableFixture.route("""
                        - doTry:
                            steps:
                              - to: {id: say, uri: kamelet:say-sink, parameters: {text: "hi"}}
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps:
                                  - process: {id: two, ref: two}
                        - process: {id: three, ref: three}
                        """)).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("hi|x", "hi|x", "three=x");
        assertThat(fixture.messages())
                .containsExactly(
                        "The step is done, and the inbox could not record that.",
                        "Step say was unsure after attempt 1 and ran again.");
    }
}

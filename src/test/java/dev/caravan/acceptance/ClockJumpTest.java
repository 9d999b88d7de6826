package dev.caravan.acceptance;

import static dev.caravan.acceptance.ThreeSteps.Effects.ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's clock is set by an hour while deliveries wait and run. SQLite: with a server its clock is the one. */
@Timeout(240)
class ClockJumpTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final JumpingClock clock = new JumpingClock();

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void whatWaitsAndWhatRunsGoesOn(int hours) {
        CountDownLatch jumped = new CountDownLatch(1);
        try (ThreeSteps three = new ThreeSteps(directory, Store.SQLITE, "3s,3s,3s")) {
            three.place().slack().answer(text -> {
                if (text.endsWith("int_running")) {
                    TerminationTest.awaitLatch(jumped);
                }
                return SlackStandIn.OK;
            });
            three.calls().answer((interview, number) -> interview.equals("int_retrying") && number == 1 ? 503 : 200);
            three.place().start(clock);
            three.place().koji(Vendor.interview("int_retrying"));
            three.place().koji(Vendor.interview("int_running"));
            await().atMost(PATIENCE).until(() -> three.states("int_retrying").equals(List.of("retrying")));
            three.awaitRecorded("int_running", "row");

            clock.jump(HOUR.multipliedBy(hours));
            jumped.countDown();
            three.place().koji(Vendor.interview("int_after"));

            for (String interview : List.of("int_retrying", "int_running", "int_after")) {
                three.awaitSucceeded(interview);
                assertThat(three.effects(interview)).as(interview).isEqualTo(ONCE);
            }
        }
    }

    @Test
    void whatWaitsSinceAClockWasAnHourAheadIsNotPutOffByTheHour() {
        try (ThreeSteps three = new ThreeSteps(directory, Store.SQLITE, "3s,3s,3s")) {
            three.calls().answer((interview, number) -> 503);
            clock.jump(HOUR);
            three.place().start(clock);
            three.place().koji(Vendor.interview("int_1"));
            await().atMost(PATIENCE).until(() -> three.states("int_1").equals(List.of("retrying")));
            three.place().stop();

            three.calls().answer((interview, number) -> 200);
            clock.jump(HOUR.negated());
            three.place().start(clock);
            three.awaitSucceeded("int_1");
            assertThat(three.effects("int_1")).isEqualTo(ONCE);
        }
    }

    /** The system's clock, set forward or back. */
    private static final class JumpingClock extends Clock {
        private final Clock system = Clock.systemUTC();
        private volatile Duration ahead = Duration.ZERO;

        void jump(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public Instant instant() {
            return system.instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the zone is UTC");
        }
    }
}

package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicReference<Instant> shown = new AtomicReference<>(NOON);
    private final Clock local = new Clock() {
        @Override
        public Instant instant() {
            return Objects.requireNonNull(shown.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    @Test
    void itFollowsForwardAndNeverGoesBack() {
        SteadyClock clock = new SteadyClock(local);

        shown.set(NOON.plus(HOUR));
        Instant ahead = clock.instant();
        shown.set(NOON);

        assertThat(ahead).isAfterOrEqualTo(NOON.plus(HOUR));
        assertThat(clock.instant()).isAfterOrEqualTo(ahead).isBefore(ahead.plus(HOUR));
    }

    @Test
    void oneThatIsToldOfAnotherTimeDoesNotMindTheClockOfItsOwnProcess() {
        SteadyClock clock = SteadyClock.told(local);

        Instant first = clock.following(NOON.minus(HOUR));

        assertThat(first).isEqualTo(NOON.minus(HOUR));
        assertThat(clock.instant()).isAfterOrEqualTo(first).isBefore(NOON);
        assertThat(clock.following(NOON.minus(HOUR).minus(HOUR))).isAfterOrEqualTo(first);
    }
}

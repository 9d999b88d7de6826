package dev.caravan.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The waits between a delivery's attempts. Each has up to 10 % added at random, so that what failed together does not
 * come back together.
 *
 * @param waits the wait after the first failed attempt, the second, …; when they are used up the delivery is dead
 */
public record RetrySchedule(List<Duration> waits) {
    private static final double JITTER = 0.1;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);
    private static final Duration SHORTEST_RETRY_AFTER = Duration.ofSeconds(1);

    public RetrySchedule {
        waits = List.copyOf(waits);
    }

    /**
     * How long to wait before the next attempt; empty where there is none.
     *
     * @param failures how many attempts have failed, this one included
     * @param failure why this one failed; what its destination asked to wait, between 1 s and 24 h, takes the place of
     *     the schedule's wait
     */
    public Optional<Duration> waitAfter(int failures, StepFailure failure, RandomGenerator random) {
        if (failure.kind() == StepFailure.Kind.PERMANENT || failures > waits.size()) {
            return Optional.empty();
        }
        Duration wait = failure.retryAfter().map(RetrySchedule::bounded).orElseGet(() -> waits.get(failures - 1));
        return Optional.of(wait.plus(jitter(wait, random)));
    }

    /** What is added to a wait. */
    static Duration jitter(Duration wait, RandomGenerator random) {
        return Duration.ofMillis((long) (wait.toMillis() * JITTER * random.nextDouble()));
    }

    private static Duration bounded(Duration retryAfter) {
        if (retryAfter.compareTo(SHORTEST_RETRY_AFTER) < 0) {
            return SHORTEST_RETRY_AFTER;
        }
        return retryAfter.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : retryAfter;
    }
}

package dev.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {
    private final RetrySchedule schedule = new RetrySchedule(List.of(Duration.ofSeconds(10), Duration.ofMinutes(1)));
    private final SplittableRandom random = new SplittableRandom(1);

    private static StepFailure answered(int status, @Nullable Duration retryAfter) {
        return StepFailure.ofStatus("answered", status, retryAfter, null);
    }

    @Test
    void eachWaitHasUpToTenPercentJitter() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(schedule.waitAfter(1, answered(503, null), random).orElseThrow())
                    .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
        }
    }

    @Test
    void afterTheLastWaitThereIsNone() {
        assertThat(schedule.waitAfter(2, answered(503, null), random)).isPresent();
        assertThat(schedule.waitAfter(3, answered(503, null), random)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 422})
    void aPermanentAnswerIsNotWaitedFor(int status) {
        assertThat(schedule.waitAfter(1, answered(status, null), random)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void aPassingAnswerIs(int status) {
        assertThat(schedule.waitAfter(1, answered(status, null), random)).isPresent();
    }

    @Test
    void retryAfterTakesThePlaceOfTheWaitUpToADay() {
        assertThat(schedule.waitAfter(1, answered(429, Duration.ofMinutes(30)), random)
                        .orElseThrow())
                .isBetween(Duration.ofMinutes(30), Duration.ofMinutes(33));
        assertThat(schedule.waitAfter(1, answered(429, Duration.ofDays(9)), random)
                        .orElseThrow())
                .isBetween(Duration.ofHours(24), Duration.ofMinutes(24 * 66));
        assertThat(schedule.waitAfter(1, answered(429, Duration.ZERO), random).orElseThrow())
                .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_100));
    }
}

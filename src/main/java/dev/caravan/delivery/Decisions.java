package dev.caravan.delivery;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.Settlement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What follows for a delivery from how its attempt ended: the one place that decides it.
 *
 * @param ordered others wait for it
 */
record Decisions(RetrySchedule retry, Clock clock, boolean ordered) {

    /** It is done; a failure that the route handled is told all the same. */
    Settlement succeeded(Attempt attempt, Optional<Outcome.Failed> handled) {
        Optional<StepFailure> failure = handled.map(Outcome.Failed::failure);
        Settlement.Attempt record = new Settlement.Attempt(
                attempt.claimed().attempt(),
                attempt.startedAt(),
                elapsed(attempt),
                Settlement.Outcome.SUCCEEDED,
                handled.flatMap(Outcome.Failed::step),
                failure.flatMap(Decisions::status),
                attempt.notes().after(failure.map(f -> "handled: " + f.getMessage())),
                failure.flatMap(StepFailure::responseExcerpt));
        return new Settlement(
                attempt.claimed().deliveryId(),
                record,
                DeliveryState.SUCCEEDED,
                null,
                attempt.claimed().failures());
    }

    /** It is retried when its schedule says, or dead where there is no use in that. */
    Settlement failed(Attempt attempt, Settlement.Outcome outcome, StepFailure failure, Optional<String> step) {
        int failures = attempt.claimed().failures() + 1;
        Optional<Duration> wait = retry.waitAfter(failures, failure, ThreadLocalRandom.current());
        Settlement.Attempt record = new Settlement.Attempt(
                attempt.claimed().attempt(),
                attempt.startedAt(),
                elapsed(attempt),
                outcome,
                step,
                status(failure),
                attempt.notes()
                        .after(Optional.ofNullable(failure.getMessage())
                                .map(message -> wait.isEmpty() ? last(message) : message)),
                failure.responseExcerpt());
        return new Settlement(
                attempt.claimed().deliveryId(),
                record,
                wait.isPresent() ? DeliveryState.RETRYING : DeliveryState.DEAD,
                wait.map(w -> clock.instant().plus(w)).orElse(null),
                failures,
                attempt.steps().doubts());
    }

    /** It goes on when its turn comes. */
    Settlement throttled(Attempt attempt, Outcome.Throttled throttled) {
        Settlement.Attempt record = new Settlement.Attempt(
                attempt.claimed().attempt(),
                attempt.startedAt(),
                elapsed(attempt),
                Settlement.Outcome.THROTTLED,
                Optional.of(throttled.step()),
                Optional.empty(),
                attempt.notes().after(Optional.of(throttled.why())),
                Optional.empty());
        return new Settlement(
                attempt.claimed().deliveryId(),
                record,
                DeliveryState.RETRYING,
                throttled.until(),
                attempt.claimed().failures(),
                attempt.steps().doubts());
    }

    private static Optional<Integer> status(StepFailure failure) {
        return failure.httpStatus() == 0 ? Optional.empty() : Optional.of(failure.httpStatus());
    }

    private String last(String message) {
        return ordered ? AttemptNotes.sentences(message, "Those that waited for it by orderBy go on.") : message;
    }

    private static Duration elapsed(Attempt attempt) {
        return Duration.ofNanos(System.nanoTime() - attempt.startedNanos());
    }
}

package dev.caravan.inbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended and what follows for its delivery; written in one commit. It changes nothing where the delivery
 * is no longer running this attempt.
 *
 * @param attempt the attempt to record
 * @param state the delivery's new state
 * @param dueAt when the next attempt is due, where the new state waits for one
 * @param failures attempts that now count against the retry schedule
 * @param doubts what is not known of the delivery's steps; nothing where it succeeded
 */
public record Settlement(
        String deliveryId,
        Attempt attempt,
        DeliveryState state,
        @Nullable Instant dueAt,
        int failures,
        StepDoubts doubts) {

    /** A settlement that leaves no doubt about any step. */
    public Settlement(String deliveryId, Attempt attempt, DeliveryState state, @Nullable Instant dueAt, int failures) {
        this(deliveryId, attempt, state, dueAt, failures, StepDoubts.NONE);
    }

    /** How an attempt ended. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        /** It did not end within the attempt's time-out; what it had begun may have happened. */
        TIMED_OUT,
        /** The node stopped before it ended. */
        INTERRUPTED,
        /** It waits for its turn at a destination that takes only so much at once; it counts for nothing. */
        THROTTLED;

        /** The name as it is stored and shown. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Outcome ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * One run of a delivery.
     *
     * @param number from 1
     * @param step the id of the step that failed, also where the route handled that and the attempt succeeded
     * @param httpStatus the destination's answer, where it was one
     * @param message sentences without payload or secret: the failure, and what else is to be known of the attempt
     * @param responseExcerpt the beginning of the destination's answer
     */
    public record Attempt(
            int number,
            Instant startedAt,
            Duration duration,
            Outcome outcome,
            Optional<String> step,
            Optional<Integer> httpStatus,
            Optional<String> message,
            Optional<String> responseExcerpt) {}
}

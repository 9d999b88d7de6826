package dev.caravan.delivery;

import java.time.Instant;
import java.util.Optional;

/** How an automation left an attempt. */
public sealed interface Outcome {

    /**
     * Every step is done, or the route handled that it is not.
     *
     * @param handled the first failure that the route handled
     */
    record Succeeded(Optional<Failed> handled) implements Outcome {

        /** Every step is done. */
        public Succeeded() {
            this(Optional.empty());
        }
    }

    /**
     * A step did not work.
     *
     * @param step its id, where it has one
     */
    record Failed(StepFailure failure, Optional<String> step) implements Outcome {}

    /**
     * A step waits for its turn at its destination: the route goes on from there at the given time, and the attempt does
     * not count against the schedule.
     *
     * @param why a sentence
     * @param step its id
     */
    record Throttled(Instant until, String why, String step) implements Outcome {}

    /** It could not begin yet, through no failure: it is tried again at the given time, and the attempt does not count. */
    record Postponed(Instant until) implements Outcome {}
}

package dev.caravan.delivery;

import dev.caravan.inbox.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The latest attempts of a delivery as far as each ended with its node. An event may be what kills the node: its
 * delivery must not keep the others from being delivered for ever.
 *
 * @param inARow how many, up to the last attempt
 * @param latest when the last of them began
 */
record Interruptions(int inARow, Instant latest) {
    /** So many are taken for a node that was stopped for another reason. */
    private static final int TOLERATED = 2;

    static Interruptions of(List<Settlement.Attempt> attempts) {
        int inARow = 0;
        Instant latest = Instant.EPOCH;
        for (Settlement.Attempt attempt : attempts) {
            boolean interrupted = attempt.outcome() == Settlement.Outcome.INTERRUPTED;
            inARow = interrupted ? inARow + 1 : 0;
            latest = attempt.startedAt();
        }
        return new Interruptions(inARow, latest);
    }

    /**
     * What takes the place of the next attempt; empty where it is made. From the third interruption on the delivery
     * waits as after a failure, counted from when the interrupted attempt began; when its schedule is used up it is
     * dead.
     */
    Optional<Outcome> insteadOfAttempt(RetrySchedule retry, Instant now) {
        List<Duration> waits = retry.waits();
        int counted = inARow - TOLERATED;
        if (counted <= 0) {
            return Optional.empty();
        }
        if (counted > waits.size()) {
            return Optional.of(new Outcome.Failed(
                    StepFailure.permanent("The node stopped during each of the last " + inARow
                            + " attempts, so this one was not made: see why the node stopped, then replay."),
                    Optional.empty()));
        }
        Duration wait = waits.get(counted - 1);
        Instant due = latest.plus(wait);
        if (!due.isAfter(now) || latest.isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(new Outcome.Postponed(due.plus(RetrySchedule.jitter(wait, ThreadLocalRandom.current()))));
    }
}

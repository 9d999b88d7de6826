package dev.caravan.delivery;

import dev.caravan.inbox.Claimed;
import dev.caravan.inbox.Inbox;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One run of a delivery, from its claim to its settlement. Thread-safe. */
public final class Attempt {
    private final Inbox inbox;
    private final Claimed claimed;
    private final Instant startedAt;
    private final long startedNanos;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AttemptNotes notes = new AttemptNotes();
    private final AtomicReference<@Nullable Outcome> givenUp = new AtomicReference<>();
    private volatile @Nullable String step;
    private final Set<Thread> threads = new HashSet<>();
    private final DeliverySteps steps;

    /** {@code workers} run what follows a step. */
    Attempt(Claimed claimed, Instant startedAt, long startedNanos, Inbox inbox, Executor workers) {
        this.inbox = inbox;
        this.claimed = claimed;
        this.steps = new DeliverySteps(inbox, claimed, next -> workers.execute(() -> runHere(next)));
        this.startedAt = startedAt;
        this.startedNanos = startedNanos;
    }

    public Claimed claimed() {
        return claimed;
    }

    /**
     * Says that a step is about to begin.
     *
     * @throws StepFailure where the attempt is over or the delivery is another node's, so that the step must not begin
     */
    public void begin(String stepId) {
        if (over.get()) {
            throw StepFailure.passing("The attempt was over before step " + stepId + " began.", null);
        }
        if (!inbox.holds(claimed)) {
            throw StepFailure.passing(
                    "This node no longer held the delivery when step " + stepId
                            + " was to begin: it gave no sign of life.",
                    null);
        }
        Outcome ended = givenUp.get();
        if (ended instanceof Outcome.Failed failed) {
            throw failed.failure();
        }
        if (ended != null) {
            throw StepFailure.passing("The attempt waits for an earlier step's turn.", null);
        }
        step = stepId;
    }

    /**
     * Ends the attempt as failed, whatever its route makes of that: no step begins any more. The first failure counts.
     *
     * @param stepId the step that it stops at
     */
    public void giveUp(StepFailure failure, String stepId) {
        givenUp.compareAndSet(null, new Outcome.Failed(failure, Optional.of(stepId)));
    }

    /** Ends the attempt as {@link #giveUp} does, to be gone on with when its step's turn comes. */
    public void throttle(Outcome.Throttled throttled) {
        givenUp.compareAndSet(null, throttled);
    }

    /** How the attempt was given up, if it was. */
    public Optional<Outcome> givenUp() {
        return Optional.ofNullable(givenUp.get());
    }

    /** What people should know of the attempt beside its failure. */
    public AttemptNotes notes() {
        return notes;
    }

    public DeliverySteps steps() {
        return steps;
    }

    /** The step that began last. */
    public Optional<String> step() {
        return Optional.ofNullable(step);
    }

    Instant startedAt() {
        return startedAt;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Ends the attempt; true for the first caller only. */
    boolean end() {
        return over.compareAndSet(false, true);
    }

    /** Runs a part of the attempt on this thread; the end of the attempt interrupts it. */
    void runHere(Runnable part) {
        enterThread();
        try {
            part.run();
        } finally {
            leaveThread();
        }
    }

    private synchronized void enterThread() {
        threads.add(Thread.currentThread());
    }

    /** Leaves the thread clean for the next attempt, also of an interrupt that came late. */
    private synchronized void leaveThread() {
        threads.remove(Thread.currentThread());
        Thread.interrupted();
    }

    /** Interrupts the threads that run it, where it is still on any. */
    synchronized void interrupt() {
        threads.forEach(Thread::interrupt);
    }
}

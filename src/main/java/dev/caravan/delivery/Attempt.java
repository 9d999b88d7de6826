package dev.caravan.delivery;

import dev.caravan.inbox.Claimed;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One run of a delivery, from its claim to its settlement. Thread-safe. */
public final class Attempt {
    private final Claimed claimed;
    private final Instant startedAt;
    private final long startedNanos;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable String step;
    private @Nullable Thread thread;

    Attempt(Claimed claimed, Instant startedAt, long startedNanos) {
        this.claimed = claimed;
        this.startedAt = startedAt;
        this.startedNanos = startedNanos;
    }

    public Claimed claimed() {
        return claimed;
    }

    /**
     * Says that a step is about to begin.
     *
     * @throws StepFailure where the attempt is over, so that the step must not begin
     */
    public void begin(String stepId) {
        if (over.get()) {
            throw StepFailure.passing("The attempt was over before step " + stepId + " began.", null);
        }
        step = stepId;
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

    synchronized void runOn(Thread runner) {
        thread = runner;
    }

    /** Leaves the thread clean for the next attempt, also of an interrupt that came late. */
    synchronized void leaveThread() {
        thread = null;
        Thread.interrupted();
    }

    /** Interrupts the thread that runs it, where it is still on one. */
    synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}

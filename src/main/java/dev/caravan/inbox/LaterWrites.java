package dev.caravan.inbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Writes for which nobody who sends an event should wait: bounded by count and bytes, since a stranger can cause them.
 * Thread-safe.
 */
final class LaterWrites<J> {
    /** A flood may take up half, so that there is room for what must not be lost. */
    enum Share {
        HALF,
        ALL
    }

    private static final int MOST_WRITES = 2_000;
    private static final long MOST_BYTES = 32L << 20;

    private record Waiting<J>(J job, long bytes) {}

    private final Deque<Waiting<J>> waiting = new ArrayDeque<>();
    private long bytes;

    /** Whether there was room, and it waits now. */
    synchronized boolean offer(J job, long jobBytes, Share share) {
        int part = share == Share.HALF ? 2 : 1;
        if (waiting.size() >= MOST_WRITES / part || bytes + jobBytes > MOST_BYTES / part) {
            return false;
        }
        waiting.add(new Waiting<>(job, jobBytes));
        bytes += jobBytes;
        return true;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Moves the oldest. */
    synchronized void drainTo(List<J> jobs, int most) {
        for (int i = 0; i < most && !waiting.isEmpty(); i++) {
            Waiting<J> next = waiting.remove();
            bytes -= next.bytes();
            jobs.add(next.job());
        }
    }
}

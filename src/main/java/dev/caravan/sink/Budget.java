package dev.caravan.sink;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * What may still be sent to one account. A tenth of the rate may pass at once, the rest evenly spaced, so that no span of
 * the rate's time has more than the rate; who would have to wait longer than {@link #PATIENCE}
 * gets a time to come back at, one after the other, and those who come back go first. What the vendor refuses for its
 * limit stops all until it says, halves the rate, and the rate grows again as long as nothing is refused. Thread-safe.
 *
 * <p>All times are {@link System#nanoTime}'s.
 */
final class Budget {
    /** How long a delivery waits with its thread. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long PATIENCE_NANOS = PATIENCE.toNanos();
    /** A pause where the vendor says none. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);
    private static final long GROWTH_NANOS = Duration.ofSeconds(30).toNanos();
    private static final double LOWEST = 1.0 / 32;
    /** What is kept free of the limit, since requests do not arrive as evenly as they are sent. */
    private static final double RESERVE = 1.05;

    private static final int MOST_QUEUED = 100_000;

    private final Optional<Rate> rate;
    private final IntSupplier nodes;
    private final Map<String, Long> queued = new HashMap<>();
    /** What was learned of a limit, in nanoseconds between requests; 0 where nothing was. */
    private double learned;

    private double factor = 1;
    private long changed;
    private long paused;
    private double nextFree;
    private double tail;
    private long windowBegan;
    private int inWindow;
    private double seen;
    private boolean begun;

    /**
     * A budget.
     *
     * @param rate of all nodes together; empty for none but what is learned
     * @param nodes that share it now, at least 1
     */
    Budget(Optional<Rate> rate, IntSupplier nodes) {
        this.rate = rate;
        this.nodes = nodes;
    }

    /** Whether a delivery may begin, and when. */
    sealed interface Turn {
        /** After this wait, which is at most {@link #PATIENCE}. */
        record Now(Duration after) implements Turn {}

        /** Not before it has come back after this time. */
        record Later(Duration after) implements Turn {}
    }

    /**
     * Asks for a turn.
     *
     * @param who the delivery and step, by which it is known when it comes back
     * @param requests that it makes
     */
    synchronized Turn take(String who, int requests, long now) {
        if (!begun) {
            begun = true;
            paused = now;
            nextFree = now;
            tail = now;
            changed = now;
            windowBegan = now;
        }
        grow(now);
        boolean first = queued.remove(who) == null;
        double spacing = spacing();
        double free = Math.max(Math.max(nextFree - spacing * atOnce(), (double) paused), (double) now);
        boolean othersWait = tail - now > PATIENCE_NANOS;
        if (free - now <= PATIENCE_NANOS && !(first && othersWait)) {
            nextFree = Math.max(nextFree, free) + spacing * requests;
            count(requests, now);
            return new Turn.Now(Duration.ofNanos((long) (free - now)));
        }
        tail = Math.max(tail, free) + spacing * requests;
        remember(who, now);
        return new Turn.Later(Duration.ofNanos((long) (tail - now)));
    }

    private void remember(String who, long now) {
        if (queued.size() >= MOST_QUEUED) {
            queued.values().removeIf(due -> due - now < 0);
        }
        queued.put(who, (long) tail);
    }

    /** Says that the vendor has refused a request for its limit, and how long it asked to wait (24 h at most count), if it did. */
    synchronized void refused(Optional<Duration> wait, long now) {
        Duration pause = wait.orElse(PAUSE);
        long until = now + (pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause).toNanos();
        boolean known = paused - now > 0;
        if (!known) {
            lower(now);
        }
        paused = known ? Math.max(paused, until) : until;
        tail = Math.max(tail, (double) paused);
        nextFree = Math.max(nextFree, paused + spacing() * atOnce());
    }

    /** Those refused at the same time were sent at the same rate: they lower it once. */
    private void lower(long now) {
        changed = now;
        if (rate.isPresent()) {
            factor = Math.max(LOWEST, factor / 2);
        } else {
            double each = 1e9 / Math.max(1, Math.max(seen, inWindow));
            learned = Math.max(learned, each) * 2;
        }
    }

    private void grow(long now) {
        if (now - changed < GROWTH_NANOS) {
            return;
        }
        changed = now;
        factor = Math.min(1, factor * 1.5);
        learned = learned / 1.5 < 1e6 ? 0 : learned / 1.5;
    }

    private void count(int requests, long now) {
        if (now - windowBegan > 1_000_000_000L) {
            seen = now - windowBegan > 2_000_000_000L ? 0 : inWindow;
            inWindow = 0;
            windowBegan = now;
        }
        inWindow += requests;
    }

    /** Nanoseconds between two requests of this node. */
    private double spacing() {
        double each = rate.map(limit -> limit.per().toNanos() * RESERVE / (limit.requests() - share(limit)) / factor)
                .orElse(learned);
        return each * Math.max(1, nodes.getAsInt());
    }

    /** Requests of this node that need no space between them. */
    private int atOnce() {
        return rate.map(limit -> share(limit) / Math.max(1, nodes.getAsInt())).orElse(0);
    }

    private static int share(Rate rate) {
        return rate.requests() / 10;
    }
}

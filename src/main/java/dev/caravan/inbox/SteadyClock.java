package dev.caravan.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A clock that follows another forward and never goes back: where that one is set back, this one goes on at its own
 * pace, so that what is due is not put off. Across a restart it does not remember. Thread-safe.
 */
final class SteadyClock extends Clock {
    private final Clock followed;
    private final boolean told;
    private Instant last;
    private long lastNanos;

    SteadyClock(Clock followed) {
        this(followed, false, followed.instant());
    }

    private SteadyClock(Clock followed, boolean told, Instant start) {
        this.followed = followed;
        this.told = told;
        this.last = start;
        this.lastNanos = System.nanoTime();
    }

    /**
     * A clock for a time that is kept elsewhere: it follows only what {@link #following} tells it, whatever the clock of
     * this process shows. It is of no use before it was told.
     */
    static SteadyClock told(Clock local) {
        return new SteadyClock(local, true, Instant.EPOCH);
    }

    @Override
    public Instant instant() {
        return told ? following(Instant.MIN) : following(followed.instant());
    }

    /** What the followed clock shows. */
    Instant shown() {
        return followed.instant();
    }

    /** The time, given what the followed clock shows now. */
    synchronized Instant following(Instant shown) {
        long nanos = System.nanoTime();
        Instant onward = last.plus(Duration.ofNanos(Math.max(0, nanos - lastNanos)));
        lastNanos = Math.max(nanos, lastNanos);
        last = shown.isAfter(onward) ? shown : onward;
        return last;
    }

    @Override
    public ZoneId getZone() {
        return followed.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SteadyClock(followed.withZone(zone), told, instant());
    }
}

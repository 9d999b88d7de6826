package dev.caravan.receive;

import dev.caravan.inbox.Refusal;
import dev.caravan.inbox.Rejections;
import dev.caravan.inbox.SystemEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a source refuses requests, so that a wrong secret does not stay unnoticed: {@value #IN_A_ROW} refusals
 * with no accepted event between them, however slowly they come, or {@value #AT_ONCE} within five minutes. It is told at
 * most once an hour, whatever floods in, and no answer waits for it. What was noticed is forgotten at a restart.
 *
 * <p>Thread-safe.
 */
final class Rejecting {
    private static final Logger LOG = LoggerFactory.getLogger(Rejecting.class);

    static final int IN_A_ROW = 3;
    static final int AT_ONCE = 5;
    static final Duration AT_ONCE_WITHIN = Duration.ofMinutes(5);

    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private final SystemEvents events;

    Rejecting(SystemEvents events) {
        this.events = events;
    }

    /** A request was refused. */
    void refused(String source, Refusal.Kind kind, String reason, Instant at) {
        Tally tally = tallies.computeIfAbsent(source, name -> new Tally());
        tally.refused(kind, at)
                .ifPresent(counted -> events.rejecting(
                                new Rejections(source, counted.since(), counted.counts(), reason))
                        .whenComplete((told, failure) -> {
                            if (failure != null) {
                                LOG.debug("That {} refuses requests could not be told yet.", source);
                                tally.notTold();
                            }
                        }));
    }

    /** A request brought an event. */
    void accepted(String source) {
        Tally tally = tallies.get(source);
        if (tally != null) {
            tally.accepted();
        }
    }

    private record Counted(Instant since, Map<Refusal.Kind, Integer> counts) {}

    /** Of one source. */
    private static final class Tally {
        private final Map<Refusal.Kind, Integer> counts = new EnumMap<>(Refusal.Kind.class);
        private final ArrayDeque<Instant> latest = new ArrayDeque<>(AT_ONCE);
        private Instant since = Instant.EPOCH;
        private Instant tellAgainFrom = Instant.EPOCH;
        private int inARow;

        /** What there is to tell, if anything is now. */
        synchronized Optional<Counted> refused(Refusal.Kind kind, Instant at) {
            boolean anew = inARow == 0
                    && (latest.isEmpty()
                            || latest.getLast().plus(AT_ONCE_WITHIN).isBefore(at));
            if (anew || counts.isEmpty()) {
                counts.clear();
                since = at;
            }
            counts.merge(kind, 1, Integer::sum);
            inARow++;
            if (latest.size() == AT_ONCE) {
                latest.removeFirst();
            }
            latest.addLast(at);
            boolean atOnce = latest.size() == AT_ONCE
                    && !latest.getFirst().plus(AT_ONCE_WITHIN).isBefore(at);
            if ((inARow < IN_A_ROW && !atOnce) || at.isBefore(tellAgainFrom)) {
                return Optional.empty();
            }
            tellAgainFrom = at.plus(SystemEvents.REJECTING_EVERY);
            Counted told = new Counted(since, Map.copyOf(counts));
            counts.clear();
            return Optional.of(told);
        }

        synchronized void accepted() {
            inARow = 0;
        }

        synchronized void notTold() {
            tellAgainFrom = Instant.EPOCH;
        }
    }
}

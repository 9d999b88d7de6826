package dev.caravan.inbox;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a replay would do.
 *
 * @param parts what would run, by automation
 * @param hindered what cannot run, and why
 * @param eventTypes of the deliveries that would be made for events without one, how many of each type
 */
public record ReplayPlan(List<Part> parts, List<Hindered> hindered, Map<String, Long> eventTypes) {
    public ReplayPlan {
        parts = List.copyOf(parts);
        hindered = List.copyOf(hindered);
        eventTypes = Map.copyOf(eventTypes);
    }

    /**
     * Deliveries of one automation that would run alike.
     *
     * @param was their state; empty for deliveries that would be made
     * @param from the step that failed last, where they would go on
     * @param kept places of the finished steps that would not run again, of any of them
     * @param anew the automation's steps, where all would run and they are known
     */
    public record Part(
            String automation,
            long deliveries,
            Optional<DeliveryState> was,
            Optional<String> from,
            Set<String> kept,
            List<String> anew) {
        public Part {
            kept = Set.copyOf(kept);
            anew = List.copyOf(anew);
        }
    }

    /** Deliveries of one automation that cannot run, or events that cannot be delivered to it. */
    public record Hindered(String automation, Reason reason, long deliveries) {}

    /** Why a delivery cannot be replayed. */
    public enum Reason {
        RUNNING("an attempt runs right now"),
        GONE("no automation of this name is defined any more"),
        PURGED("the event's payload is no longer kept"),
        UNWANTED("it takes no events of that source and type");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** The name as it is shown to programs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The same for people. */
        public String text() {
            return text;
        }
    }

    /** How many deliveries would run. */
    public long deliveries() {
        return parts.stream().mapToLong(Part::deliveries).sum();
    }
}

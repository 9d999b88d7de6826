package dev.caravan.inbox;

import java.time.Instant;
import java.util.Optional;

/**
 * What is to be replayed.
 *
 * @param id of the delivery or event that the kind names
 * @param automation only deliveries of this one; {@link Kind#MISSED} needs it
 * @param since only what died, or for {@link Kind#MISSED} what was received, from then on
 */
public record ReplaySelection(Kind kind, Optional<String> id, Optional<String> automation, Optional<Instant> since) {

    /** What it goes by. */
    public enum Kind {
        DELIVERY,
        /** The deliveries of one event; one is made where the automation is named and has none. */
        EVENT,
        /** Dead letters. */
        DEAD,
        /** Events that the automation wants and has no delivery for: each gets one. */
        MISSED
    }

    public static ReplaySelection delivery(String id) {
        return new ReplaySelection(Kind.DELIVERY, Optional.of(id), Optional.empty(), Optional.empty());
    }

    public static ReplaySelection event(String id, Optional<String> automation) {
        return new ReplaySelection(Kind.EVENT, Optional.of(id), automation, Optional.empty());
    }

    public static ReplaySelection dead(Optional<String> automation, Optional<Instant> since) {
        return new ReplaySelection(Kind.DEAD, Optional.empty(), automation, since);
    }

    public static ReplaySelection missed(String automation, Instant since) {
        return new ReplaySelection(Kind.MISSED, Optional.empty(), Optional.of(automation), Optional.of(since));
    }
}

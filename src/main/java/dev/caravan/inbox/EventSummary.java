package dev.caravan.inbox;

import java.time.Instant;
import java.util.Optional;

/**
 * An event without its payload.
 *
 * @param bytes the size of its body, 0 where it was removed
 * @param wantedBy how many automations were subscribed when it arrived
 * @param duplicates later requests with the same idempotency key
 * @param differing those among them whose bytes differed
 * @param removedAt when its payload was removed, by its age or because a person was to be forgotten
 */
public record EventSummary(
        String id,
        String source,
        String type,
        Optional<Instant> time,
        Instant receivedAt,
        String idempotencyKey,
        long bytes,
        int wantedBy,
        long duplicates,
        long differing,
        Optional<Instant> removedAt) {

    /** Whether no automation was subscribed to it when it arrived. */
    public boolean unwanted() {
        return wantedBy == 0;
    }
}

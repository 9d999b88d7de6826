package dev.caravan.inbox;

import java.time.Instant;
import java.util.Optional;

/**
 * An event without its payload.
 *
 * @param bytes the size of its body
 * @param wantedBy how many automations were subscribed when it arrived
 * @param duplicates later requests with the same idempotency key
 * @param differing those among them whose bytes differed
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
        long differing) {

    /** Whether no automation was subscribed to it when it arrived. */
    public boolean unwanted() {
        return wantedBy == 0;
    }
}

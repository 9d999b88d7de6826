package dev.caravan.inbox;

import java.time.Instant;
import java.util.Optional;

/**
 * A delivery with what is known of its last attempt.
 *
 * @param dueAt when the next attempt is due; only for those that wait for one
 * @param manual whether a person asked for it, or for it to run again
 * @param generation how often it was replayed after it had succeeded
 */
public record DeliverySummary(
        String id,
        String eventId,
        String source,
        String type,
        String automation,
        DeliveryState state,
        int attempts,
        int failures,
        Optional<Instant> dueAt,
        Instant updatedAt,
        boolean manual,
        int generation,
        Optional<Settlement.Attempt> lastAttempt) {}

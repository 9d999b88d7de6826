package dev.caravan.inbox;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One verified webhook request as it is kept.
 *
 * @param id {@code evt_…}
 * @param time when the vendor says it happened
 * @param body the bytes as received; none where its payload was removed
 */
public record Event(
        String id,
        String source,
        String type,
        Optional<Instant> time,
        String idempotencyKey,
        Instant receivedAt,
        Map<String, String> headers,
        byte[] body) {

    /** Whether it still has its payload: retention or a person who is to be forgotten may have taken it. */
    public boolean hasPayload() {
        return body.length > 0;
    }
}

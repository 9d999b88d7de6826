package dev.caravan.inbox;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A verified request on its way into the inbox.
 *
 * @param source the source's name
 * @param type the vendor's event type
 * @param time when the vendor says it happened
 * @param idempotencyKey unique within the source
 * @param headers the request headers that are kept
 * @param body the bytes as received
 * @param receivedAt when the request was complete here
 */
public record Arrival(
        String source,
        String type,
        Optional<Instant> time,
        String idempotencyKey,
        Map<String, String> headers,
        byte[] body,
        Instant receivedAt) {}

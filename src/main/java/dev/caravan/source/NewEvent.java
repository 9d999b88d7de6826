package dev.caravan.source;

import java.time.Instant;
import java.util.Optional;

/**
 * An event that a verified request holds.
 *
 * @param time when it happened, if the vendor says so
 * @param idempotencyKey the same for every retry of the event; at most 512 characters
 * @param body the request's bytes; where a request holds several events, the bytes of this one's JSON
 */
public record NewEvent(String type, Optional<Instant> time, String idempotencyKey, byte[] body) {}

package dev.caravan.inbox;

/**
 * What became of an arrival.
 *
 * @param eventId the id of the event, the earlier one's where this is a duplicate
 * @param duplicate whether the inbox already had an event with this source and idempotency key
 */
public record Stored(String eventId, boolean duplicate) {}

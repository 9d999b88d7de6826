package dev.caravan.inbox;

/**
 * What a purge has removed.
 *
 * @param events whose payload, headers, deliveries, attempts and steps are gone
 * @param deliveries of these events
 * @param keys idempotency keys that are not known any more, of events and of automations
 */
public record Purged(long events, long deliveries, long keys) {
    static final Purged NOTHING = new Purged(0, 0, 0);

    Purged plus(Purged other) {
        return new Purged(events + other.events, deliveries + other.deliveries, keys + other.keys);
    }

    public boolean isNothing() {
        return events == 0 && keys == 0;
    }
}

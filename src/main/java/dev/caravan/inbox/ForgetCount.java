package dev.caravan.inbox;

/**
 * What is, or was, removed so that a person is forgotten.
 *
 * @param events whose payload and headers go; their keys stay
 * @param deliveries of these events; their records of steps go, and what their attempts say of answers
 * @param open those among them that have not ended: they are given up as discarded
 * @param quarantine refused requests that go as a whole
 * @param running events that are left, or would be, since a delivery of theirs runs right now
 */
public record ForgetCount(long events, long deliveries, long open, long quarantine, long running) {
    static final ForgetCount NOTHING = new ForgetCount(0, 0, 0, 0, 0);

    ForgetCount plus(ForgetCount other) {
        return new ForgetCount(
                events + other.events,
                deliveries + other.deliveries,
                open + other.open,
                quarantine + other.quarantine,
                running + other.running);
    }

    public boolean isNothing() {
        return events == 0 && quarantine == 0 && running == 0;
    }
}

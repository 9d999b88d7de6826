package dev.caravan.automation;

/** The exchange properties of a delivery that are not for route authors. */
final class DeliveryProperties {
    /** The event's bytes as received. */
    static final String PAYLOAD = "CaravanPayload";
    /** The attempt that the exchange runs. */
    static final String ATTEMPT = "CaravanAttempt";

    private DeliveryProperties() {}
}

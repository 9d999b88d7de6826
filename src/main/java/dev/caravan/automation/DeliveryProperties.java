package dev.caravan.automation;

/** The exchange properties of a delivery that are not for route authors. */
final class DeliveryProperties {
    /** The attempt that the exchange runs. */
    static final String ATTEMPT = "CaravanAttempt";

    private DeliveryProperties() {}
}

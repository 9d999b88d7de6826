package dev.caravan.sink;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What a sink may have a destination know the delivery by, so that it can drop one that comes twice: the same for every
 * attempt of a delivery, another for every delivery and for each replay of one that had succeeded.
 */
public final class DeliveryKey {
    /** Exchange property: the key of the delivery that the exchange runs. */
    public static final String PROPERTY = "CaravanDeliveryKey";

    private DeliveryKey() {}

    /** The key; null where the exchange runs no delivery. */
    static @Nullable String of(Exchange exchange) {
        String key = exchange.getProperty(PROPERTY, String.class);
        return key == null ? exchange.getVariable("deliveryId", String.class) : key;
    }
}

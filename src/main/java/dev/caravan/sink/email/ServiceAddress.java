package dev.caravan.sink.email;

import dev.caravan.sink.Sinks;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Where a mail service's API is. */
public final class ServiceAddress {
    private ServiceAddress() {}

    /**
     * The address to put paths after.
     *
     * @param given the parameter baseUrl; null for the service's own
     * @throws IllegalArgumentException if it is no http or https URL
     */
    public static String of(@Nullable String given, String own, CamelContext camel) {
        String base = (given == null ? own : given).strip().replaceAll("/+$", "");
        Sinks.of(camel).destinations().of(base);
        return base;
    }
}

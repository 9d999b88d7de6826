package dev.caravan.automation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/**
 * The parameters of Kamelets as their routes write them, with placeholders in place of values: what tells an edited step
 * from one whose secret was changed. A plugin of the Camel context. Thread-safe.
 */
final class WrittenParameters {
    private final Map<String, Map<String, String>> byRoute = new ConcurrentHashMap<>();

    private WrittenParameters() {}

    static WrittenParameters of(CamelContext context) {
        WrittenParameters known = context.getCamelContextExtension().getContextPlugin(WrittenParameters.class);
        if (known != null) {
            return known;
        }
        WrittenParameters fresh = new WrittenParameters();
        context.getCamelContextExtension().addContextPlugin(WrittenParameters.class, fresh);
        return fresh;
    }

    /** @param written by Kamelet route id, then by name */
    void put(Map<String, Map<String, String>> written) {
        byRoute.putAll(written);
    }

    void forget(Map<String, Map<String, String>> written) {
        byRoute.keySet().removeAll(written.keySet());
    }

    /** Of one Kamelet route, empty where it has none. */
    Map<String, String> of(String kameletRoute) {
        return byRoute.getOrDefault(kameletRoute, Map.of());
    }
}

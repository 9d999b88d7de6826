package dev.caravan.automation;

import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * A {@code kamelet:} URI.
 *
 * @param routeId under which its parameters travel; empty where they stand in the URI
 */
record KameletCall(String name, String routeId, String query) {
    private static final String SCHEME = "kamelet:";

    /** Empty for any other URI. */
    static Optional<KameletCall> of(@Nullable String uri) {
        if (uri == null || !uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String[] parts = uri.substring(SCHEME.length()).split("\\?", 2);
        String[] path = parts[0].split("/", 2);
        return Optional.of(new KameletCall(path[0], path.length < 2 ? "" : path[1], parts.length < 2 ? "" : parts[1]));
    }

    /** The parameter as Camel has it, empty where the step does not give it. */
    String parameter(CamelContext context, String parameter) {
        if (context.hasComponent("kamelet") instanceof KameletComponent kamelets
                && kamelets.getRouteProperties() != null) {
            Properties given = kamelets.getRouteProperties().get(routeId);
            if (given != null && given.getProperty(parameter) != null) {
                return given.getProperty(parameter);
            }
        }
        try {
            return String.valueOf(URISupport.parseQuery(query).getOrDefault(parameter, ""));
        } catch (URISyntaxException e) {
            return "";
        }
    }
}

package dev.caravan.automation;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.support.component.EndpointUriFactorySupport;

/**
 * Makes an {@code inbox:} URI where a route file has the scheme alone and all options, {@code sources} among them, as
 * parameters: how Kaoto writes a path option. Camel finds it by its service file.
 */
public final class InboxEndpointUriFactory extends EndpointUriFactorySupport implements EndpointUriFactory {
    private static final String SCHEME = "inbox";
    private static final String SYNTAX = "inbox:sources";

    @Override
    public boolean isEnabled(String scheme) {
        return SCHEME.equals(scheme);
    }

    @Override
    public String buildUri(String scheme, Map<String, Object> properties, boolean encode) {
        Map<String, Object> options = new TreeMap<>(properties);
        String uri = buildPathParameter(SYNTAX, SYNTAX, "sources", null, true, options);
        return buildQueryParameters(uri, options, encode);
    }

    @Override
    public Set<String> propertyNames() {
        return InboxEndpoint.OPTIONS;
    }

    @Override
    public Set<String> secretPropertyNames() {
        return Set.of();
    }

    @Override
    public Map<String, String> multiValuePrefixes() {
        return Map.of();
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }
}

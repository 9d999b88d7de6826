package dev.caravan.sink;

import java.util.Set;

/** The Kamelets in the jar whose parameters are to be passed through {@link ParameterCode}. */
public final class ShippedKamelets {
    /** Their names, as after {@code kamelet:} in a route file. */
    public static final Set<String> NAMES =
            Set.of("database-upsert-sink", "download-json-action", "http-forward-sink", "slack-message-sink");

    private ShippedKamelets() {}
}

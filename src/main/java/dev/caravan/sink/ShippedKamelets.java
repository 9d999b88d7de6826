package dev.caravan.sink;

import java.util.List;

/** The Kamelets that come in the jar, under {@code kamelets/}. */
public final class ShippedKamelets {
    public static final List<String> NAMES =
            List.of("database-upsert-sink", "download-json-action", "http-forward-sink", "slack-message-sink");

    private ShippedKamelets() {}
}

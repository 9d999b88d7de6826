package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.caravan.delivery.RetryAfter;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a vendor's API answered. Immutable.
 *
 * @param text the body, empty where there is none
 * @param json the same, read; missing where it is not JSON
 * @param headers by their names in lower case; of a success only those that {@link HttpDefaults} lets in
 */
public record VendorAnswer(int status, String text, JsonNode json, Map<String, String> headers) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    static VendorAnswer of(int status, String text, Map<String, String> headers) {
        Map<String, String> lower = new TreeMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return new VendorAnswer(status, text, parsed(text), Map.copyOf(lower));
    }

    private static JsonNode parsed(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** A header by its name in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** What {@code Retry-After} asks for. */
    public Optional<Duration> retryAfter(Clock clock) {
        return RetryAfter.parse(header("retry-after").orElse(null), clock);
    }

    /** Without the body, which may hold what a payload did. */
    @Override
    public String toString() {
        return "VendorAnswer[" + status + "]";
    }
}

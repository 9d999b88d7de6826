package dev.caravan.sink.koji;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Koji's API. That {@code GET /api/v1/interviews/{id}} with an API key exists is all that is documented of it
 * (docs.koji.so, webhooks); how the key is sent is a parameter.
 *
 * @param keyHeader the header that holds the key; in {@code Authorization} it follows {@code Bearer}
 */
record KojiApi(VendorAddress address, String key, String keyHeader) {
    static final String VENDOR = "Koji";
    private static final String OWN_ADDRESS = "https://api.koji.so";
    private static final String AUTHORIZATION = "authorization";
    private static final ObjectMapper JSON = new ObjectMapper();

    static KojiApi of(@Nullable String baseUrl, String key, @Nullable String keyHeader) {
        String header = keyHeader == null ? "Authorization" : keyHeader.strip();
        if (!header.matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException("The parameter keyHeader is not a header's name: mend it");
        }
        return new KojiApi(VendorAddress.of(baseUrl, OWN_ADDRESS), key.strip(), header);
    }

    VendorRequest signed(VendorRequest request) {
        return keyHeader.toLowerCase(Locale.ROOT).equals(AUTHORIZATION)
                ? request.bearer(key)
                : request.with(keyHeader, key);
    }

    /**
     * What an answer's JSON object holds, as maps, lists and values.
     *
     * @param kind of the failure where it holds none
     */
    static JsonNode object(VendorAnswer answer, StepFailure.Kind kind) {
        if (answer.json().isObject()) {
            return answer.json();
        }
        throw StepFailure.ofBody(
                kind,
                "Koji answered " + answer.status() + " without a JSON object: check the parameter baseUrl",
                answer.status(),
                null,
                answer.text());
    }

    /** As maps, lists and values, which a step can leave for the next. */
    static Object plain(JsonNode json) {
        return JSON.convertValue(json, Object.class);
    }
}

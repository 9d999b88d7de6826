package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.delivery.StepFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request to a vendor's API. Immutable.
 *
 * @param url the whole of it; what a payload brings must be percent-encoded in it ({@link Escaping#URL})
 * @param contentType of the body, null where there is none
 */
public record VendorRequest(
        String method,
        String url,
        Map<String, String> headers,
        @Nullable String contentType,
        @Nullable String body) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    public VendorRequest {
        headers = Map.copyOf(headers);
    }

    /** A request without a body. */
    public static VendorRequest of(String method, String url) {
        return new VendorRequest(method, url, Map.of(), null, null);
    }

    public static VendorRequest get(String url) {
        return of("GET", url);
    }

    public static VendorRequest json(String method, String url, JsonNode body) {
        try {
            return new VendorRequest(method, url, Map.of(), "application/json", JSON.writeValueAsString(body));
        } catch (JsonProcessingException impossible) {
            throw StepFailure.permanent("The request cannot be written as JSON", impossible);
        }
    }

    /** A POST of {@code application/x-www-form-urlencoded} fields. */
    public static VendorRequest form(String url, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return new VendorRequest("POST", url, Map.of(), "application/x-www-form-urlencoded", body);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The same with one more header. */
    public VendorRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new VendorRequest(method, url, more, contentType, body);
    }

    public VendorRequest bearer(String token) {
        return with("Authorization", "Bearer " + token);
    }

    /** With basic authentication (RFC 7617, UTF-8). */
    public VendorRequest basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return with("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** Without headers and body, which hold secrets and payloads. */
    @Override
    public String toString() {
        return "VendorRequest[" + method + "]";
    }
}

package dev.caravan.sink.notion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.util.Optional;

/** Notion's API in version 2025-09-03, the first with data sources (developers.notion.com/reference/versioning). */
record NotionApi(VendorAddress address, String token) {
    static final String VENDOR = "Notion";
    static final String OWN_ADDRESS = "https://api.notion.com";
    private static final String VERSION = "2025-09-03";

    VendorRequest post(String path, JsonNode body) {
        return signed(VendorRequest.json("POST", address.at(path), body));
    }

    VendorRequest get(String path) {
        return signed(VendorRequest.get(address.at(path)));
    }

    private VendorRequest signed(VendorRequest request) {
        return request.bearer(token).with("Notion-Version", VERSION);
    }

    /**
     * As Notion's own client treats what creates something (makenotion/notion-sdk-js, src/Client.ts): 429 and 529 did
     * nothing and say how long to wait, 409 lost against another writer, any other 5xx may have done it.
     */
    static Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        if (answer.isSuccess()) {
            return Optional.empty();
        }
        String message = "Notion answered " + answer.status() + code(answer);
        return Optional.of(
                switch (answer.status()) {
                    case 429, 529 ->
                        StepFailure.limited(
                                message,
                                answer.status(),
                                answer.retryAfter(clock).orElse(null),
                                answer.text());
                    case 409 -> failure(StepFailure.Kind.PASSING, message, answer, clock);
                    case 503 -> failure(StepFailure.Kind.UNSURE, message, answer, clock);
                    default -> VendorRules.statusFailure(VENDOR, answer, clock);
                });
    }

    private static StepFailure failure(StepFailure.Kind kind, String message, VendorAnswer answer, Clock clock) {
        return StepFailure.ofBody(
                kind, message, answer.status(), answer.retryAfter(clock).orElse(null), answer.text());
    }

    /** Notion's word for the failure, one of a known form: the rest of its answer may quote the payload. */
    private static String code(VendorAnswer answer) {
        String code = answer.json().path("code").asText();
        return code.matches("[a-z_]{1,40}") ? " " + code : "";
    }
}

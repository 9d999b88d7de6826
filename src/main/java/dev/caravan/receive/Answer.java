package dev.caravan.receive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.inbox.Stored;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request is answered.
 *
 * @param status the HTTP status
 * @param json the body
 * @param retryAfter when the vendor should come again, where it should
 */
public record Answer(int status, String json, Optional<Duration> retryAfter) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Answer READY = of(200, Map.of("status", "ready"));

    /** The endpoint is there. */
    static Answer ready() {
        return READY;
    }

    /** A verification request answered with the vendor's own challenge. */
    static Answer challenge(String json) {
        return new Answer(200, json, Optional.empty());
    }

    /** What became of the events of a request: {@code id} is the first one's, {@code ids} has all where there are several. */
    static Answer stored(List<Stored> stored) {
        boolean duplicate = stored.stream().allMatch(Stored::duplicate);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", duplicate ? "duplicate" : "accepted");
        if (!stored.isEmpty()) {
            body.put("id", stored.get(0).eventId());
        }
        if (stored.size() > 1) {
            body.put("ids", stored.stream().map(Stored::eventId).toList());
        }
        return of(200, body);
    }

    static Answer error(int status, String error) {
        return of(status, Map.of("error", error));
    }

    /** A fault of ours that may be over soon. */
    static Answer unavailable(String error) {
        return new Answer(503, error(503, error).json(), Optional.of(SOON));
    }

    private static Answer of(int status, Map<String, Object> body) {
        try {
            return new Answer(status, JSON.writeValueAsString(body), Optional.empty());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts is always JSON", e);
        }
    }
}

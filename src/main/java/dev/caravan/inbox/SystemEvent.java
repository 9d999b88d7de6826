package dev.caravan.inbox;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.settings.SystemSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** An event that Caravan itself has to tell, in the shape that vendors use: type, timestamp, data. */
final class SystemEvent {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SystemEvent() {}

    static ObjectNode data() {
        return JSON.createObjectNode();
    }

    /** @param occasion tells this event from all others of its type */
    static Arrival of(String type, String occasion, Instant now, ObjectNode data) {
        ObjectNode body = JSON.createObjectNode();
        body.put("type", type).put("timestamp", now.toString()).set("data", data);
        return new Arrival(
                SystemSource.NAME,
                type,
                Optional.of(now),
                type + "/" + occasion,
                Map.of("content-type", "application/json"),
                body.toString().getBytes(StandardCharsets.UTF_8),
                now);
    }
}

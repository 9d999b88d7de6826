package dev.caravan.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.settings.SystemSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes {@code delivery.dead} of a delivery that has just died: what was to be delivered, and why it was not. */
final class DeadLetterEvent {
    static final String TYPE = "delivery.dead";

    /** A larger payload is left out: it can be read from the event that it belongs to. */
    private static final int LARGEST_PAYLOAD = 512 << 10;

    private static final int MOST_ATTEMPTS = 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DeadLetterEvent() {}

    /** Empty where the delivery was of a system event: a death that is told makes no death to tell. */
    static Optional<Arrival> of(WriteSession session, Settlement settlement) throws SQLException {
        PreparedStatement select = session.prepare("""
                SELECT d.automation, d.event_id, e.source, e.type, e.received_at, length(e.body) AS bytes,
                  CASE WHEN length(e.body) <= ? THEN e.body END AS body
                FROM delivery d JOIN event e ON e.id = d.event_id WHERE d.id = ?""");
        select.setInt(1, LARGEST_PAYLOAD);
        select.setString(2, settlement.deliveryId());
        ObjectNode data = SystemEvent.data();
        try (ResultSet row = select.executeQuery()) {
            if (!row.next() || row.getString("source").equals(SystemSource.NAME)) {
                return Optional.empty();
            }
            data.put("delivery_id", settlement.deliveryId())
                    .put("automation", row.getString("automation"))
                    .put("event_id", row.getString("event_id"))
                    .put("event_source", row.getString("source"))
                    .put("event_type", row.getString("type"))
                    .put(
                            "received_at",
                            Instant.ofEpochMilli(row.getLong("received_at")).toString());
            addPayload(data, row.getBytes("body"), row.getLong("bytes"));
        }
        Settlement.Attempt last = settlement.attempt();
        data.put("error", last.message().orElse("no reason is known"));
        last.step().ifPresent(step -> data.put("step", step));
        last.httpStatus().ifPresent(status -> data.put("http_status", status));
        data.put("attempt_count", last.number());
        addAttempts(session, data, settlement.deliveryId());
        return Optional.of(SystemEvent.of(TYPE, settlement.deliveryId() + "/" + last.number(), session.now(), data));
    }

    private static void addPayload(ObjectNode data, byte @Nullable [] body, long bytes) {
        if (body != null) {
            data.set("payload", json(body));
        } else {
            data.put(
                    "payload_omitted", bytes > LARGEST_PAYLOAD ? "it has " + bytes + " bytes" : "it is no longer kept");
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException text) {
            return JSON.getNodeFactory().textNode(new String(body, StandardCharsets.UTF_8));
        }
    }

    /** The latest ones, the first of them first. */
    private static void addAttempts(WriteSession session, ObjectNode data, String deliveryId) throws SQLException {
        PreparedStatement select = session.prepare("""
                SELECT number, started_at, outcome, step, http_status, message FROM attempt
                WHERE delivery_id = ? ORDER BY number DESC LIMIT ?""");
        select.setString(1, deliveryId);
        select.setInt(2, MOST_ATTEMPTS);
        ArrayNode attempts = data.putArray("attempts");
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ObjectNode attempt = attempts.insertObject(0)
                        .put("number", row.getInt("number"))
                        .put(
                                "started_at",
                                Instant.ofEpochMilli(row.getLong("started_at")).toString())
                        .put("outcome", row.getString("outcome"));
                putText(attempt, "step", row.getString("step"));
                int status = row.getInt("http_status");
                if (!row.wasNull()) {
                    attempt.put("http_status", status);
                }
                putText(attempt, "message", row.getString("message"));
            }
        }
    }

    private static void putText(ObjectNode node, String name, @Nullable String text) {
        if (text != null) {
            node.put(name, text);
        }
    }
}

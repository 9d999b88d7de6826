package dev.caravan.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.source.Identification.Identified;
import dev.caravan.source.Identification.Malformed;
import dev.caravan.source.Identification.VerificationRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the events in a request. Safe for use by several threads. */
final class EventIdentifier {
    /** Which keys count for the events of a type; {@code pattern} may end in {@code *}. */
    record TypedKey(String pattern, IdempotencyKey key) {
        boolean matches(String type) {
            return pattern.endsWith("*")
                    ? type.startsWith(pattern.substring(0, pattern.length() - 1))
                    : type.equals(pattern);
        }
    }

    /**
     * Where things stand.
     *
     * @param typedKeys the first that matches counts, before {@code key}
     * @param events the array of a request that holds several events; null where it holds one
     * @param handshake whether a request without an event is the vendor's question whether the endpoint works
     * @param challenge what to send back to such a question
     */
    record Layout(
            Field type,
            Field time,
            IdempotencyKey key,
            List<TypedKey> typedKeys,
            @Nullable JsonPointer events,
            boolean handshake,
            @Nullable JsonPointer challenge,
            Set<String> pingTypes) {}

    private static final JsonPointer EXAMPLE_ID = JsonPointer.compile("/example_id");
    private static final int TYPE_LIMIT = 200;
    private static final int CHALLENGE_LIMIT = 1_000;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Layout layout;

    EventIdentifier(Layout layout) {
        this.layout = layout;
    }

    Identification identify(IncomingRequest request) {
        try {
            JsonNode json = JSON.readTree(request.body());
            JsonPointer events = layout.events();
            return events == null ? single(json, request) : batch(json, events, request);
        } catch (IOException e) {
            // The cause quotes the payload, so it is not passed on.
            return new Malformed("The body is not JSON.");
        }
    }

    private Identification single(JsonNode json, IncomingRequest request) {
        if (!json.isObject()) {
            return new Malformed("The body is not a JSON object.");
        }
        String type = layout.type().find(json, request.headers());
        if (layout.handshake() && (type == null || layout.pingTypes().contains(type))) {
            return new VerificationRequest(challenge(json));
        }
        String fault = fault(type);
        return type == null || fault != null
                ? new Malformed("The body " + fault)
                : new Identified(List.of(event(type, json, request.headers(), request.body(), -1)));
    }

    private Identification batch(JsonNode json, JsonPointer pointer, IncomingRequest request) throws IOException {
        List<byte[]> elements = json.isContainerNode() ? Batch.elements(JSON, request.body(), pointer) : null;
        if (elements == null || elements.isEmpty()) {
            return layout.handshake() && json.isContainerNode()
                    ? new VerificationRequest(challenge(json))
                    : new Malformed("The body holds no events at \"" + pointer + "\".");
        }
        List<NewEvent> events = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            JsonNode element = JSON.readTree(elements.get(i));
            String type = element.isObject() ? layout.type().find(element, request.headers()) : null;
            String fault = element.isObject() ? fault(type) : "is not a JSON object.";
            if (type == null || fault != null) {
                return new Malformed("Event " + (i + 1) + " of the body " + fault);
            }
            events.add(event(type, element, request.headers(), elements.get(i), i));
        }
        return new Identified(List.copyOf(events));
    }

    private static @Nullable String fault(@Nullable String type) {
        if (type == null) {
            return "has no event type.";
        }
        return type.length() > TYPE_LIMIT ? "has an event type longer than " + TYPE_LIMIT + " characters." : null;
    }

    private NewEvent event(String type, JsonNode json, Headers headers, byte[] body, int index) {
        String time = layout.time().find(json, headers);
        Optional<Instant> instant = time == null ? Optional.empty() : Optional.ofNullable(Times.parse(time));
        return new NewEvent(type, instant, keyFor(type).of(json, headers, body, index), body);
    }

    private IdempotencyKey keyFor(String type) {
        for (TypedKey typed : layout.typedKeys()) {
            if (typed.matches(type)) {
                return typed.key();
            }
        }
        return layout.key();
    }

    private Optional<String> challenge(JsonNode json) {
        JsonPointer pointer = layout.challenge();
        JsonNode value = pointer == null ? null : json.at(pointer);
        if (pointer == null
                || value == null
                || !value.isTextual()
                || value.textValue().length() > CHALLENGE_LIMIT) {
            return Optional.empty();
        }
        String name = pointer.last().getMatchingProperty();
        return Optional.of(JSON.createObjectNode()
                .put("status", "ready")
                .put(name, value.textValue())
                .toString());
    }

    /** See {@link Source#example}. */
    Optional<Example> example(String type) {
        ObjectNode root = JSON.createObjectNode();
        List<JsonPointer> ids = new ArrayList<>(keyFor(type).pointers());
        List<JsonPointer> types = layout.type().pointers();
        ids.removeAll(types);
        ids.add(EXAMPLE_ID);
        try {
            ids.forEach(pointer -> put(root, pointer, "example"));
            types.stream().limit(1).forEach(pointer -> put(root, pointer, type));
            return layout.events() == null
                    ? Optional.of(new Example(JSON.writeValueAsBytes(root), ids))
                    : Optional.empty();
        } catch (IOException | RuntimeException notAnObject) {
            return Optional.empty();
        }
    }

    private static void put(ObjectNode root, JsonPointer pointer, String value) {
        ObjectNode parent = pointer.head().matches() ? root : root.withObject(pointer.head());
        parent.put(pointer.last().getMatchingProperty(), value);
    }

    /** The headers in which type, time or idempotency key may stand. */
    Set<String> headers() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(typeHeaders());
        layout.time().addHeadersTo(names);
        names.addAll(keyHeaders());
        return names;
    }

    Set<String> typeHeaders() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        layout.type().addHeadersTo(names);
        return names;
    }

    Set<String> keyHeaders() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        layout.key().addHeadersTo(names);
        layout.typedKeys().forEach(typed -> typed.key().addHeadersTo(names));
        return names;
    }
}

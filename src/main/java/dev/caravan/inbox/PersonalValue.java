package dev.caravan.inbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What tells one person's payloads from the others: a text or number at one place of them. Its text form does not show
 * it.
 *
 * @param pointer where it stands in a payload
 * @param value compared as text, case included; with numbers by their amount
 * @param source only payloads of this source; of all where it is absent
 */
public record PersonalValue(JsonPointer pointer, String value, Optional<String> source) {
    /** The source of Caravan's own events. */
    private static final String SYSTEM = "caravan";

    /** Where they hold the payload, and the source, of the event that they tell of. */
    private static final JsonPointer TOLD_PAYLOAD = JsonPointer.compile("/data/payload");

    private static final JsonPointer TOLD_SOURCE = JsonPointer.compile("/data/event_source");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws IllegalArgumentException where the value is empty: it would stand for everybody */
    public PersonalValue {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an empty value stands for nobody");
        }
    }

    /** Whether an event's payload has it at the pointer; a payload that is not JSON, whether it has it anywhere. */
    boolean isInEvent(String eventSource, byte[] body) {
        Optional<JsonNode> payload = parse(body);
        boolean fromHere = source.isEmpty() || source.get().equals(eventSource);
        if (payload.isEmpty()) {
            return fromHere && standsIn(text(body));
        }
        return (fromHere && isAt(payload.get().at(pointer))) || (eventSource.equals(SYSTEM) && isTold(payload.get()));
    }

    private boolean isTold(JsonNode systemEvent) {
        if (source.isPresent()
                && !source.get().equals(systemEvent.at(TOLD_SOURCE).asText())) {
            return false;
        }
        JsonNode payload = systemEvent.at(TOLD_PAYLOAD);
        return payload.isTextual() ? standsIn(payload.asText()) : isAt(payload.at(pointer));
    }

    /**
     * Whether a refused request has it: at the pointer, or, where its body has nothing there, anywhere in its body,
     * headers or address, since nobody knows the shape of what was refused.
     */
    boolean isInRefused(String refusedSource, String uri, String headers, byte[] body) {
        if (source.isPresent() && !source.get().equals(refusedSource)) {
            return false;
        }
        Optional<JsonNode> there = parse(body).map(tree -> tree.at(pointer)).filter(node -> !node.isMissingNode());
        return there.map(this::isAt).orElseGet(() -> standsIn(text(body))) || standsIn(uri) || standsIn(headers);
    }

    /** Whether a text has it somewhere: as it is, or as JSON or a form would write it. */
    boolean standsIn(String text) {
        return Stream.of(
                        value,
                        new String(JsonStringEncoder.getInstance().quoteAsString(value)),
                        inAscii(),
                        URLEncoder.encode(value, StandardCharsets.UTF_8))
                .anyMatch(text::contains);
    }

    private String inAscii() {
        StringBuilder ascii = new StringBuilder();
        for (char c : JsonStringEncoder.getInstance().quoteAsString(value)) {
            ascii.append(c < 128 ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return ascii.toString();
    }

    private boolean isAt(JsonNode node) {
        if (node.isNumber()) {
            try {
                return node.asText().equals(value) || node.decimalValue().compareTo(new BigDecimal(value)) == 0;
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return node.isValueNode() && !node.isNull() && node.asText().equals(value);
    }

    private static Optional<JsonNode> parse(byte[] body) {
        try {
            return Optional.ofNullable(JSON.readTree(body)).filter(tree -> !tree.isMissingNode());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "the value at " + pointer;
    }
}

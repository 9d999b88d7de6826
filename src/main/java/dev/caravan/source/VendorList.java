package dev.caravan.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.settings.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a source's vendor lists what it has sent events about ({@code caravan.source.NAME.reconcile.…}), and how an item
 * of that list becomes the payload of the event that the vendor would have sent. Immutable.
 *
 * @param url where the list is; https, or on this machine
 * @param key sent in the header {@code keyHeader}; as {@code Bearer} where that is {@code Authorization}
 */
public record VendorList(URI url, Optional<Secret> key, String keyHeader, Paging paging, Shape shape) {
    private static final Headers NO_HEADERS = Headers.of(Map.of());

    /**
     * How the list comes in pages. The names are of query parameters; an empty one is not sent.
     *
     * @param since gets the time, ISO 8601, from which on the items are wanted
     * @param page gets the page's number, from 1
     * @param size gets {@code pageSize}
     * @param cursor gets what stood at {@code next}
     * @param items where in an answer the array of items is
     * @param next where in an answer the cursor or the URL of the next page is; empty where pages have numbers
     */
    public record Paging(
            String since,
            String page,
            String size,
            int pageSize,
            String cursor,
            JsonPointer items,
            Optional<JsonPointer> next) {}

    /**
     * An item of the list.
     *
     * @param id the vendor's
     * @param time when it happened, as far as the item says so
     * @param finished whether its state is one that makes an event
     * @param payload what the vendor's webhook would have brought
     */
    public record Item(String id, Optional<Instant> time, boolean finished, byte[] payload) {}

    /** Where things stand in an item, and where they go in the payload. */
    static final class Shape {
        private final Field id;
        private final Field time;
        private final Field status;
        private final List<String> statuses;
        private final String type;
        private final Map<Place, JsonPointer> places;

        /** What the payload has, each at a place of its own. */
        enum Place {
            TYPE,
            ITEM,
            ID,
            TIME
        }

        /** @param statuses of a finished item; where there are none every item is */
        Shape(Field id, Field time, Field status, List<String> statuses, String type, Map<Place, JsonPointer> places) {
            this.id = id;
            this.time = time;
            this.status = status;
            this.statuses = List.copyOf(statuses);
            this.type = type;
            this.places = Map.copyOf(places);
        }

        private Optional<Item> read(JsonNode item) {
            String found = item.isObject() ? id.find(item, NO_HEADERS) : null;
            if (found == null) {
                return Optional.empty();
            }
            String at = time.find(item, NO_HEADERS);
            String state = status.find(item, NO_HEADERS);
            boolean finished =
                    statuses.isEmpty() || (state != null && statuses.stream().anyMatch(state::equalsIgnoreCase));
            return Optional.of(new Item(
                    found,
                    at == null ? Optional.empty() : Optional.ofNullable(Times.parse(at)),
                    finished,
                    payload(item, found, at)));
        }

        private byte[] payload(JsonNode item, String found, @Nullable String at) {
            ObjectNode payload = JsonNodeFactory.instance.objectNode();
            JsonPointer whole = places.get(Place.ITEM);
            if (whole == null || whole.matches()) {
                payload.setAll((ObjectNode) item);
            } else {
                put(payload, whole, item.deepCopy());
            }
            put(payload, places.get(Place.TYPE), JsonNodeFactory.instance.textNode(type));
            put(payload, places.get(Place.ID), JsonNodeFactory.instance.textNode(found));
            if (at != null) {
                put(payload, places.get(Place.TIME), JsonNodeFactory.instance.textNode(at));
            }
            return payload.toString().getBytes(StandardCharsets.UTF_8);
        }

        /** What stands there already, if it says the same, stays as the vendor wrote it. */
        private static void put(ObjectNode payload, @Nullable JsonPointer place, JsonNode value) {
            if (place == null
                    || (value.isTextual() && payload.at(place).asText().equals(value.asText()))) {
                return;
            }
            ObjectNode parent = payload;
            for (JsonPointer rest = place; ; rest = rest.tail()) {
                if (rest.tail() == null || rest.tail().matches()) {
                    parent.set(rest.getMatchingProperty(), value);
                    return;
                }
                JsonNode child = parent.get(rest.getMatchingProperty());
                parent = child instanceof ObjectNode object ? object : parent.putObject(rest.getMatchingProperty());
            }
        }
    }

    /** Reads an item of the list; empty where it has no id. */
    public Optional<Item> item(JsonNode listed) {
        return shape.read(listed);
    }

    /** The type of the events that items become. */
    public String eventType() {
        return shape.type;
    }

    /** Which places of a payload can be chosen, by the option's name. */
    static Map<String, Shape.Place> places() {
        return Map.of(
                OptionNames.LIST_PAYLOAD_TYPE, Shape.Place.TYPE,
                OptionNames.LIST_PAYLOAD_ITEM, Shape.Place.ITEM,
                OptionNames.LIST_PAYLOAD_ID, Shape.Place.ID,
                OptionNames.LIST_PAYLOAD_TIME, Shape.Place.TIME);
    }

    /** Hosts to which a key may go without TLS. */
    static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
}

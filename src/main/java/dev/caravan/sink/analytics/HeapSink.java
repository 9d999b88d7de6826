package dev.caravan.sink.analytics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code heap-sink}: one event ({@code /api/track}, developers.heap.io/reference/track-1), then the user's
 * properties ({@code /api/add_user_properties}). Heap drops an event with a known {@code idempotency_key}; for how long
 * it knows one is not documented.
 */
public final class HeapSink extends SinkBean<HeapSink.Event, HeapSink.Started> {
    private static final String KAMELET = "heap-sink";
    private static final String VENDOR = "Heap";
    /** Texts have to be shorter than 1,024. */
    private static final int LONGEST = 1_023;

    private @Nullable String appId;
    private @Nullable String baseUrl;
    private @Nullable String identity;
    private @Nullable String event;
    private @Nullable String properties;
    private @Nullable String userProperties;
    private @Nullable String time;

    /** What the step says. */
    record Event(VendorAddress address, String app, HappeningTemplates happening) {}

    /** What it holds while it runs. */
    record Started(Event event, VendorApi api) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public HeapSink() {
        super(KAMELET);
    }

    public void setAppId(String value) {
        this.appId = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setIdentity(String value) {
        this.identity = value;
    }

    public void setEvent(String value) {
        this.event = value;
    }

    public void setProperties(String value) {
        this.properties = value;
    }

    public void setUserProperties(String value) {
        this.userProperties = value;
    }

    public void setTime(String value) {
        this.time = value;
    }

    @Override
    protected Event read(CamelContext camel) {
        String app = required(appId, "appId").strip();
        if (!app.matches("\\d{1,19}")) {
            throw new IllegalArgumentException(
                    "The parameter appId is " + app + ": give the number of the environment in Heap's settings");
        }
        return new Event(
                VendorAddress.of(optional(baseUrl), "https://heapanalytics.com"),
                app,
                HappeningTemplates.of(
                        "identity",
                        required(identity, "identity"),
                        required(event, "event"),
                        optional(time),
                        FieldTemplates.of(optional(properties), KAMELET, "properties", camel),
                        FieldTemplates.of(optional(userProperties), KAMELET, "userProperties", camel),
                        camel));
    }

    @Override
    protected Started open(Event read, CamelContext camel) throws Exception {
        return new Started(read, VendorApi.open(camel, VENDOR, VendorRules.byStatus(VENDOR)));
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        Event read = running.event();
        int requests = read.happening().hasUserProperties() ? 2 : 1;
        return Optional.of(
                read.address().account(KAMELET, read.app(), Optional.empty(), "heapanalytics.com", requests));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Event read = running.event();
        Happening happening = read.happening().of(exchange);
        ObjectNode track = user(read, happening)
                .put("event", happening.event())
                .put("timestamp", happening.at().toString())
                .put("idempotency_key", DeliveryKey.hash(exchange));
        if (!happening.properties().isEmpty()) {
            Happening.write(heapValues(happening.properties()), track.putObject("properties"), LONGEST);
        }
        running.api().call(VendorRequest.json("POST", read.address().at("/api/track"), track));
        if (!happening.userProperties().isEmpty()) {
            ObjectNode user = user(read, happening);
            Happening.write(heapValues(happening.userProperties()), user.putObject("properties"), LONGEST);
            running.api().call(VendorRequest.json("POST", read.address().at("/api/add_user_properties"), user));
        }
    }

    private static ObjectNode user(Event read, Happening happening) {
        return JsonNodeFactory.instance.objectNode().put("app_id", read.app()).put("identity", happening.user());
    }

    /** Heap has texts, numbers and lists of them, no booleans. */
    private static Map<String, Object> heapValues(Map<String, Object> values) {
        Map<String, Object> known = new TreeMap<>();
        values.forEach((name, value) -> known.put(
                name,
                value instanceof List<?> list
                        ? list.stream().map(HeapSink::heapValue).toList()
                        : heapValue(value)));
        return known;
    }

    private static Object heapValue(Object value) {
        return value instanceof Boolean ? value.toString() : value;
    }
}

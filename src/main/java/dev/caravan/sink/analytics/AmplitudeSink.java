package dev.caravan.sink.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.Rate;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code amplitude-sink}: one event with the user's properties, by the HTTP V2 API
 * (amplitude.com/docs/apis/analytics/http-v2). Amplitude drops an event whose {@code insert_id} it has had from the same
 * device within 7 days, so the delivery's key and a stable device make a repeat harmless.
 */
public final class AmplitudeSink extends SinkBean<AmplitudeSink.Event, AmplitudeSink.Started> {
    private static final String KAMELET = "amplitude-sink";
    private static final String VENDOR = "Amplitude";
    private static final Rate STATED = new Rate(1_000, Duration.ofSeconds(1));
    /** For the user or device after a 429, as the page says; there is no Retry-After. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static final int LONGEST = 1_024;

    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String userId;
    private @Nullable String deviceId;
    private @Nullable String eventType;
    private @Nullable String eventProperties;
    private @Nullable String userProperties;
    private @Nullable String time;

    /**
     * What the step says.
     *
     * @param device null for one that follows from the user
     */
    record Event(
            VendorAddress address,
            String key,
            HappeningTemplates happening,
            @Nullable TextTemplate device) {}

    /** What it holds while it runs. */
    record Started(Event event, VendorApi api) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public AmplitudeSink() {
        super(KAMELET);
    }

    public void setApiKey(String value) {
        this.apiKey = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setUserId(String value) {
        this.userId = value;
    }

    public void setDeviceId(String value) {
        this.deviceId = value;
    }

    public void setEventType(String value) {
        this.eventType = value;
    }

    public void setEventProperties(String value) {
        this.eventProperties = value;
    }

    public void setUserProperties(String value) {
        this.userProperties = value;
    }

    public void setTime(String value) {
        this.time = value;
    }

    @Override
    protected Event read(CamelContext camel) {
        FieldTemplates user = FieldTemplates.of(optional(userProperties), KAMELET, "userProperties", camel);
        if (user.names().stream().anyMatch(name -> name.startsWith("$"))) {
            throw new IllegalArgumentException(
                    "amplitude-sink sets user properties: a name in userProperties cannot begin with $");
        }
        String device = optional(deviceId);
        return new Event(
                VendorAddress.of(optional(baseUrl), "https://api2.amplitude.com"),
                required(apiKey, "apiKey").strip(),
                HappeningTemplates.of(
                        "userId",
                        required(userId, "userId"),
                        required(eventType, "eventType"),
                        optional(time),
                        FieldTemplates.of(optional(eventProperties), KAMELET, "eventProperties", camel),
                        user,
                        camel),
                device == null ? null : TextTemplate.of(device.strip(), Escaping.TEXT, camel));
    }

    @Override
    protected Started open(Event event, CamelContext camel) throws Exception {
        return new Started(event, VendorApi.open(camel, VENDOR, AmplitudeSink::failure));
    }

    private static Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        if (answer.status() == 429) {
            return Optional.of(StepFailure.limited(
                    VENDOR + " answered 429", 429, answer.retryAfter(clock).orElse(PAUSE), answer.text()));
        }
        JsonNode code = answer.json().path("code");
        if (answer.isSuccess() && code.isInt() && code.asInt() != 200) {
            return Optional.of(StepFailure.ofBody(
                    StepFailure.Kind.PERMANENT,
                    VENDOR + " answered " + answer.status() + " with code " + code.asInt(),
                    answer.status(),
                    null,
                    answer.text()));
        }
        return VendorRules.byStatus(VENDOR).failure(answer, clock);
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        Event event = running.event();
        return Optional.of(event.address().account(KAMELET, event.key(), Optional.of(STATED), "amplitude.com", 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Event event = running.event();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("api_key", event.key());
        body.putArray("events").add(event(event, event.happening().of(exchange), exchange));
        body.putObject("options").put("min_id_length", 1);
        running.api().call(VendorRequest.json("POST", event.address().at("/2/httpapi"), body));
    }

    private static ObjectNode event(Event event, Happening happening, Exchange exchange) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("user_id", happening.user())
                .put("device_id", device(event, happening.user(), exchange))
                .put("event_type", happening.event())
                .put("time", happening.at().toEpochMilli())
                .put("insert_id", DeliveryKey.hash(exchange));
        if (!happening.properties().isEmpty()) {
            Happening.write(happening.properties(), node.putObject("event_properties"), LONGEST);
        }
        if (!happening.userProperties().isEmpty()) {
            Happening.write(happening.userProperties(), node.putObject("user_properties"), LONGEST);
        }
        return node;
    }

    private static String device(Event event, String user, Exchange exchange) {
        TextTemplate template = event.device();
        String given = template == null ? "" : template.render(exchange).strip();
        return given.isEmpty()
                ? UUID.nameUUIDFromBytes(("caravan " + user).getBytes(StandardCharsets.UTF_8))
                        .toString()
                : TextLimit.cut(given, LONGEST);
    }
}

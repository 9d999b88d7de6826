package dev.caravan.sink.analytics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorApi;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code mixpanel-sink}: one event, then the user's properties. Mixpanel drops an event that has name, time,
 * user and {@code $insert_id} in common with another, and setting a property twice changes nothing, so a repeat is
 * harmless.
 */
public final class MixpanelSink extends SinkBean<MixpanelSink.Event, MixpanelSink.Started> {
    private static final String KAMELET = "mixpanel-sink";
    private static final int LONGEST = 1_024;

    private @Nullable String projectToken;
    private @Nullable String projectId;
    private @Nullable String serviceAccount;
    private @Nullable String serviceSecret;
    private @Nullable String baseUrl;
    private @Nullable String distinctId;
    private @Nullable String event;
    private @Nullable String properties;
    private @Nullable String userProperties;
    private @Nullable String time;

    /** What the step says. */
    record Event(MixpanelAccess access, HappeningTemplates happening) {}

    /** What it holds while it runs. */
    record Started(Event event, VendorApi api) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public MixpanelSink() {
        super(KAMELET);
    }

    public void setProjectToken(String value) {
        this.projectToken = value;
    }

    public void setProjectId(String value) {
        this.projectId = value;
    }

    public void setServiceAccount(String value) {
        this.serviceAccount = value;
    }

    public void setServiceSecret(String value) {
        this.serviceSecret = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setDistinctId(String value) {
        this.distinctId = value;
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
        return new Event(
                new MixpanelAccess(
                        VendorAddress.of(optional(baseUrl), "https://api.mixpanel.com"),
                        required(projectToken, "projectToken").strip(),
                        MixpanelAccess.service(optional(projectId), optional(serviceAccount), optional(serviceSecret))),
                HappeningTemplates.of(
                        "distinctId",
                        required(distinctId, "distinctId"),
                        required(event, "event"),
                        optional(time),
                        FieldTemplates.of(optional(properties), KAMELET, "properties", camel),
                        FieldTemplates.of(optional(userProperties), KAMELET, "userProperties", camel),
                        camel));
    }

    @Override
    protected Started open(Event read, CamelContext camel) throws Exception {
        return new Started(read, VendorApi.open(camel, MixpanelAccess.VENDOR, MixpanelAccess::failure));
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        MixpanelAccess access = running.event().access();
        int requests = running.event().happening().hasUserProperties() ? 2 : 1;
        return Optional.of(
                access.address().account(KAMELET, access.token(), Optional.empty(), "mixpanel.com", requests));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        MixpanelAccess access = running.event().access();
        Happening happening = running.event().happening().of(exchange);
        running.api().call(access.event(event(access, happening, exchange)));
        if (!happening.userProperties().isEmpty()) {
            running.api().call(access.profile(profile(access, happening)));
        }
    }

    private static ArrayNode event(MixpanelAccess access, Happening happening, Exchange exchange) {
        ArrayNode events = JsonNodeFactory.instance.arrayNode();
        ObjectNode one = events.addObject().put("event", happening.event());
        ObjectNode values = one.putObject("properties");
        Happening.write(happening.properties(), values, LONGEST);
        if (access.service() == null) {
            values.put("token", access.token());
        }
        values.put("time", happening.at().toEpochMilli())
                .put("distinct_id", happening.user())
                .put("$insert_id", DeliveryKey.uuid(exchange));
        return events;
    }

    /** {@code $ip} 0: the user is not where Caravan runs. */
    private static ArrayNode profile(MixpanelAccess access, Happening happening) {
        ArrayNode updates = JsonNodeFactory.instance.arrayNode();
        ObjectNode update = updates.addObject()
                .put("$token", access.token())
                .put("$distinct_id", happening.user())
                .put("$ip", "0");
        Happening.write(happening.userProperties(), update.putObject("$set"), LONGEST);
        return updates;
    }
}

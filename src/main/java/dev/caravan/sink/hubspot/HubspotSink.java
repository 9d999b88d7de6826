package dev.caravan.sink.hubspot;

import dev.caravan.sink.Account;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.RichText;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.Sinks;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What the sinks for HubSpot have in common: they write a record, which a repeat leaves as it is, and add a note to it,
 * which they look for before they repeat.
 */
public abstract class HubspotSink extends SinkBean<HubspotSink.Written, HubspotSink.Started> {
    /** One for the record, one for the note. */
    private static final int REQUESTS = 2;

    private final HubspotObject object;
    private @Nullable String token;
    private @Nullable String baseUrl;
    private @Nullable String properties;
    private @Nullable String note;

    /** What the step says. */
    record Written(
            HubspotAccount account,
            HubspotTarget target,
            HubspotProperties properties,
            @Nullable HubspotNote note) {}

    /** What a sink holds while it runs. */
    record Started(HubspotApi api, Written written, Account budget) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    HubspotSink(String kamelet, HubspotObject object) {
        super(kamelet);
        this.object = object;
    }

    /** @throws IllegalArgumentException if a parameter is missing or wrong */
    abstract HubspotTarget target(CamelContext camel);

    @Override
    protected final Written read(CamelContext camel) {
        HubspotTarget target = target(camel);
        HubspotAccount account = HubspotAccount.of(required(token, "token"), optional(baseUrl));
        String noteText = optional(note);
        HubspotProperties values = HubspotProperties.of(optional(properties), kamelet(), camel);
        return new Written(
                account, target, values, noteText == null ? null : new HubspotNote(RichText.of(noteText, camel)));
    }

    @Override
    protected final Started open(Written written, CamelContext camel) throws Exception {
        HubspotApi api = HubspotApi.open(written.account(), camel);
        return new Started(api, written, written.account().budget(kamelet(), REQUESTS));
    }

    @Override
    protected final Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    @Override
    protected final void deliver(Started running, Exchange exchange) {
        HubspotTarget.Key key = running.written().target().of(exchange);
        Map<String, String> values = running.written().properties().of(exchange);
        String id = write(running.api(), key, values);
        Optional<String> html = html(running, exchange);
        if (html.isPresent()) {
            long now = Sinks.of(exchange.getContext()).clock().millis();
            running.api().note(object, id, now, html.get());
        }
    }

    private String write(HubspotApi api, HubspotTarget.Key key, Map<String, String> values) {
        if (key.property() != null) {
            Map<String, String> some = values.isEmpty() ? Map.of(key.property(), key.value()) : values;
            return api.upsert(object, key.property(), key.value(), some);
        }
        if (!values.isEmpty()) {
            api.update(object, key.value(), values);
        }
        return key.value();
    }

    private static Optional<String> html(Started running, Exchange exchange) {
        HubspotNote text = running.written().note();
        return text == null ? Optional.empty() : text.html(exchange);
    }

    @Override
    protected final boolean canLook() {
        return true;
    }

    /** Without a note a repeat changes nothing. */
    @Override
    protected final Look look(Started running, Exchange exchange, LookRequest request) {
        if (html(running, exchange).isEmpty()) {
            return new Look.Absent();
        }
        HubspotTarget.Key key = running.written().target().of(exchange);
        Optional<String> id = id(running.api(), key);
        boolean noted = id.isPresent() && running.api().hasNote(object, id.get(), HubspotNote.reference(exchange));
        return noted ? new Look.Found() : new Look.Absent();
    }

    private Optional<String> id(HubspotApi api, HubspotTarget.Key key) {
        if (key.property() == null) {
            return Optional.of(key.value());
        }
        return api.read(object, key.value(), Map.of("idProperty", key.property()))
                .map(record -> record.path("id").asText());
    }

    public final void setToken(String value) {
        this.token = value;
    }

    public final void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public final void setProperties(String value) {
        this.properties = value;
    }

    public final void setNote(String value) {
        this.note = value;
    }
}

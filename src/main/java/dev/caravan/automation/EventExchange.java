package dev.caravan.automation;

import dev.caravan.inbox.Event;
import dev.caravan.sink.HttpForwardSink;
import java.io.ByteArrayInputStream;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;

/** How an event stands in an exchange: its payload as the body, facts about it as variables. */
final class EventExchange {
    private EventExchange() {}

    /** @throws Exception where the payload is not JSON */
    static void fill(Exchange exchange, Event event, JacksonDataFormat payloads) throws Exception {
        exchange.getMessage().setBody(payloads.unmarshal(exchange, new ByteArrayInputStream(event.body())));
        exchange.setVariable("eventId", event.id());
        exchange.setVariable("eventType", event.type());
        exchange.setVariable("eventSource", event.source());
        exchange.setVariable(
                "eventTime", event.time().orElse(event.receivedAt()).toString());
        exchange.setVariable("idempotencyKey", event.idempotencyKey());
        exchange.setProperty(HttpForwardSink.PAYLOAD, event.body());
    }
}

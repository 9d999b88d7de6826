package dev.caravan.receive;

import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.Inbox;
import dev.caravan.source.NewEvent;
import dev.caravan.source.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/** Puts the events of a request into the inbox, and goes on when they are on disk. */
final class Store extends AsyncProcessorSupport {
    private final Inbox inbox;
    private final KeptHeaders keptHeaders;
    private final Rejecting rejecting;

    Store(Inbox inbox, KeptHeaders keptHeaders, Rejecting rejecting) {
        this.inbox = inbox;
        this.keptHeaders = keptHeaders;
        this.rejecting = rejecting;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Reception reception = exchange.getMessage().getBody(Reception.class);
        Map<String, String> headers = keptHeaders.of(reception);
        List<Arrival> arrivals = reception.events().stream()
                .map(event ->
                        arrival(event, reception.source(), reception.request().receivedAt(), headers))
                .toList();
        inbox.store(arrivals)
                .whenComplete((stored, failure) -> reception.eventLoop().execute(() -> {
                    if (failure == null) {
                        reception.stored(stored);
                        rejecting.accepted(reception.source().name());
                    } else {
                        exchange.setException(failure);
                    }
                    callback.done(false);
                }));
        return false;
    }

    static Arrival arrival(NewEvent event, Source source, Instant receivedAt, Map<String, String> headers) {
        return new Arrival(
                source.name(), event.type(), event.time(), event.idempotencyKey(), headers, event.body(), receivedAt);
    }
}

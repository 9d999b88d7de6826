package dev.caravan.automation;

import dev.caravan.delivery.OrderBy;
import dev.caravan.inbox.Event;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the Simple expression of {@code orderBy} gives for an event; no value where it gives nothing or fails. */
final class OrderValue implements OrderBy {
    private static final Logger LOG = LoggerFactory.getLogger(OrderValue.class);

    private final InboxEndpoint endpoint;
    private final String text;
    private final Expression expression;

    /** @throws IllegalArgumentException where the expression is none */
    OrderValue(InboxEndpoint endpoint, String text) {
        this.endpoint = endpoint;
        this.text = text;
        this.expression = endpoint.getCamelContext().resolveLanguage("simple").createExpression(text);
        expression.init(endpoint.getCamelContext());
    }

    @Override
    public Optional<String> valueOf(Event event) {
        Exchange exchange = endpoint.createExchange();
        try {
            EventExchange.fill(exchange, event, endpoint.component().payloads());
            return Optional.ofNullable(expression.evaluate(exchange, String.class))
                    .filter(value -> !value.isEmpty());
        } catch (Exception e) {
            LOG.warn("Event {} has no value for orderBy {}, so that it waits for no other.", event.id(), text);
            return Optional.empty();
        }
    }
}

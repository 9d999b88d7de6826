package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.StepFailure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code http-forward-sink}: posts the event as it was received, byte for byte, to a URL, through camel-http.
 * The exchange's property {@code CaravanPayload} holds the bytes; without it the body is written as JSON.
 */
public final class HttpForwardSink extends SinkBean<HttpForwardSink.Target, HttpForwardSink.Started> {
    /** Exchange property: the event's bytes as received, which are what is forwarded. */
    public static final String PAYLOAD = "CaravanPayload";

    private static final String KAMELET = "http-forward-sink";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Only a name: each request brings its own URL, so that no URL, often a secret, is part of an endpoint's. */
    private static final String ENDPOINT = "https://http-forward-sink.invalid";

    private @Nullable String url;
    private @Nullable String secret;

    /** What the step says. */
    record Target(TextTemplate url, @Nullable StandardWebhooks signature) {}

    /** What it holds while it runs. */
    record Started(Sinks sinks, FailureClassifier failures, Target target, Producer http) implements AutoCloseable {
        @Override
        public void close() {
            ServiceHelper.stopAndShutdownService(http);
        }
    }

    public HttpForwardSink() {
        super(KAMELET);
    }

    public void setUrl(String value) {
        this.url = value;
    }

    public void setSecret(String value) {
        this.secret = value;
    }

    @Override
    Target read(CamelContext camel) {
        TextTemplate target = TextTemplate.of(required(url, "url").strip(), Escaping.URL, camel);
        String key = optional(secret);
        return new Target(target, key == null ? null : new StandardWebhooks(key));
    }

    @Override
    Started open(Target target, CamelContext camel) throws Exception {
        Sinks sinks = Sinks.of(camel);
        HttpDefaults.check(camel, sinks.destinations());
        Producer http = camel.getEndpoint(ENDPOINT).createProducer();
        ServiceHelper.startService(http);
        return new Started(sinks, new FailureClassifier(sinks.clock()), target, http);
    }

    @Override
    void deliver(Started running, Exchange exchange) {
        byte[] payload = payload(exchange);
        Exchange request = running.http().getEndpoint().createExchange(ExchangePattern.InOut);
        request.getIn().setHeaders(new LinkedHashMap<>(headers(running, exchange, payload)));
        request.getIn().setHeader(Exchange.HTTP_URI, target(running, exchange));
        request.getIn().setHeader(Exchange.HTTP_METHOD, "POST");
        request.getIn().setBody(payload);
        send(running, request);
    }

    /** The real URL: capturing is camel-http's own here, see {@link HttpDefaults}. */
    private static String target(Started running, Exchange exchange) {
        String target = running.target().url().render(exchange);
        try {
            running.sinks().destinations().of(target);
            return target;
        } catch (IllegalArgumentException notUrl) {
            throw StepFailure.permanent("http-forward-sink: the parameter url is not an http or https URL");
        }
    }

    private static void send(Started running, Exchange request) {
        try {
            running.http().process(request);
        } catch (Exception failure) {
            throw running.failures().classify(failure);
        }
        if (request.getException() != null) {
            throw running.failures().classify(request.getException());
        }
    }

    private static Map<String, Object> headers(Started running, Exchange exchange, byte[] payload) {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put(Exchange.CONTENT_TYPE, "application/json");
        putVisible(headers, "X-Event-Id", variable(exchange, "eventId"));
        String id = messageId(exchange);
        putVisible(headers, "Idempotency-Key", id);
        StandardWebhooks signature = running.target().signature();
        if (signature != null) {
            headers.putAll(signature.headers(id, running.sinks().clock().instant(), payload));
        }
        return headers;
    }

    /** See {@link DeliveryKey}. */
    private static String messageId(Exchange exchange) {
        String eventId = variable(exchange, "eventId");
        String delivery = DeliveryKey.of(exchange);
        if (eventId == null && delivery == null) {
            return "msg_" + exchange.getExchangeId();
        }
        return Stream.of("msg", eventId, delivery).filter(Objects::nonNull).collect(Collectors.joining("_"));
    }

    private static void putVisible(Map<String, Object> headers, String name, @Nullable String value) {
        if (value != null && value.chars().allMatch(character -> character > ' ' && character < 127)) {
            headers.put(name, value);
        }
    }

    private static @Nullable String variable(Exchange exchange, String name) {
        Object value = exchange.getVariable(name);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    private static byte[] payload(Exchange exchange) {
        if (exchange.getProperty(PAYLOAD) instanceof byte[] received) {
            return received;
        }
        Object body = exchange.getIn().getBody();
        try {
            return body instanceof byte[] bytes ? bytes : JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException notJson) {
            throw StepFailure.permanent(KAMELET + ": the message's body cannot be written as JSON");
        }
    }
}

package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.StepFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code http-forward-sink}: posts the event as it was received, byte for byte, to a URL, through camel-http;
 * or, where the step names fields, one JSON object of those. The exchange's property {@code CaravanPayload} holds the
 * event's bytes; without it the body is written as JSON.
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
    private @Nullable String authorization;
    private @Nullable String fields;

    /** What the step says. No fields: the event is posted as it was received. */
    record Target(
            TextTemplate url,
            @Nullable StandardWebhooks signature,
            @Nullable TextTemplate authorization,
            FieldTemplates fields) {}

    /** What it holds while it runs. */
    record Started(Sinks sinks, FailureClassifier failures, Target target, Producer http, Account budget)
            implements AutoCloseable {
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

    public void setAuthorization(String value) {
        this.authorization = value;
    }

    public void setFields(String value) {
        this.fields = value;
    }

    @Override
    protected Target read(CamelContext camel) {
        TextTemplate target = TextTemplate.of(required(url, "url").strip(), Escaping.URL, camel);
        String key = optional(secret);
        String header = optional(authorization);
        return new Target(
                target,
                key == null ? null : new StandardWebhooks(key),
                header == null ? null : TextTemplate.of(header, Escaping.HEADER, camel),
                FieldTemplates.of(optional(fields), KAMELET, "fields", camel));
    }

    @Override
    protected Started open(Target target, CamelContext camel) throws Exception {
        Sinks sinks = Sinks.of(camel);
        HttpDefaults.check(camel, sinks.destinations());
        Producer http = camel.getEndpoint(ENDPOINT).createProducer();
        ServiceHelper.startService(http);
        return new Started(sinks, new FailureClassifier(sinks.clock()), target, http, budget(target));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        byte[] payload = payload(running.target().fields(), exchange);
        Exchange request = running.http().getEndpoint().createExchange(ExchangePattern.InOut);
        request.getIn().setHeaders(new LinkedHashMap<>(headers(running, exchange, payload)));
        String target = target(running, exchange);
        request.getIn().setHeader(Exchange.HTTP_URI, target);
        request.getIn().setHeader(Exchange.HTTP_METHOD, "POST");
        request.getIn().setBody(payload);
        try {
            send(running, request);
        } catch (StepFailure failure) {
            throw isMake(UrlText.host(target)) ? ofMake(failure) : failure;
        }
    }

    private static boolean isMake(String host) {
        return host.endsWith(".make.com") || host.endsWith(".integromat.com");
    }

    /** Make answers 400 while a scenario's queue is full or the scenario is off, which both end. */
    private static StepFailure ofMake(StepFailure failure) {
        return failure.httpStatus() == 400
                ? StepFailure.ofBody(
                        StepFailure.Kind.PASSING,
                        "Make answered 400: the scenario's queue is full, or it is off",
                        400,
                        failure.retryAfter().orElse(null),
                        failure.responseExcerpt().orElse(null))
                : failure;
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    /**
     * A URL is an account. Zapier takes 30 requests a second (docs.zapier.com, operating constraints), Make 300 in 10
     * seconds.
     */
    private static Account budget(Target target) {
        String url = target.url().fixed();
        String host = UrlText.host(url);
        Rate stated = isMake(host) ? new Rate(300, Duration.ofSeconds(10)) : Rate.perSecond(30);
        return Account.of(KAMELET, url, Optional.of(stated), isMake(host) ? "make.com" : "zapier.com", url, 1);
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
        TextTemplate authorization = running.target().authorization();
        if (authorization != null) {
            headers.put("Authorization", authorization.render(exchange));
        }
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
        return Stream.of("msg", eventId, DeliveryKey.stepHash(exchange), delivery)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("_"));
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

    private static byte[] payload(FieldTemplates fields, Exchange exchange) {
        if (fields.isEmpty()) {
            return ReceivedPayload.of(exchange, KAMELET);
        }
        try {
            return JSON.writeValueAsBytes(fields.rowWithLists(exchange));
        } catch (JsonProcessingException notJson) {
            throw StepFailure.permanent(KAMELET + ": the parameter fields cannot be written as JSON");
        }
    }
}

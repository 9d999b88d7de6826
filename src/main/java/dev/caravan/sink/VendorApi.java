package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.service.ServiceHelper;

/**
 * A vendor's HTTP API, through camel-http as {@link HttpDefaults} sets it up: pooled connections, 5 s to connect, 30 s for
 * an answer, one request for each call, no redirects; captured in demo and dry run. Safe for use by several threads.
 */
public final class VendorApi implements AutoCloseable {
    /** Only a name: each request brings its own URL, so that no URL is part of an endpoint's. */
    private static final String ENDPOINT = "https://vendor-api.invalid";

    private final String vendor;
    private final VendorRules rules;
    private final Clock clock;
    private final Destinations destinations;
    private final Producer http;

    private VendorApi(String vendor, VendorRules rules, Sinks sinks, Producer http) {
        this.vendor = vendor;
        this.rules = rules;
        this.clock = sinks.clock();
        this.destinations = sinks.destinations();
        this.http = http;
    }

    /**
     * Opens it, without talking to the vendor.
     *
     * @param vendor its name in messages
     */
    public static VendorApi open(CamelContext camel, String vendor, VendorRules rules) throws Exception {
        Sinks sinks = Sinks.of(camel);
        HttpDefaults.check(camel, sinks.destinations());
        Producer http = camel.getEndpoint(ENDPOINT).createProducer();
        ServiceHelper.startService(http);
        return new VendorApi(vendor, rules, sinks, http);
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws StepFailure where there was none, or the vendor's rules say that it is a failure
     */
    public VendorAnswer call(VendorRequest request) {
        VendorAnswer answer = send(request);
        Optional<StepFailure> failure = rules.failure(answer, clock);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return answer;
    }

    /**
     * Sends a request and waits for its answer, whatever it is.
     *
     * @throws StepFailure where there was none
     */
    public VendorAnswer send(VendorRequest request) {
        checkUrl(request.url());
        Exchange exchange = http.getEndpoint().createExchange(ExchangePattern.InOut);
        Message message = exchange.getIn();
        message.setHeaders(new LinkedHashMap<>(request.headers()));
        message.setHeader(Exchange.HTTP_URI, request.url());
        message.setHeader(Exchange.HTTP_METHOD, request.method());
        if (request.body() != null) {
            message.setHeader(Exchange.CONTENT_TYPE, request.contentType());
            message.setBody(request.body().getBytes(StandardCharsets.UTF_8));
        }
        try {
            http.process(exchange);
        } catch (Exception failure) {
            return answered(failure);
        }
        Exception failure = exchange.getException();
        return failure == null ? answered(exchange) : answered(failure);
    }

    /** The real URL: capturing is camel-http's own here, see {@link HttpDefaults}. */
    private void checkUrl(String url) {
        try {
            destinations.of(url);
        } catch (IllegalArgumentException notUrl) {
            throw StepFailure.permanent(
                    "The address of " + vendor + " is not an http or https URL: check the parameter baseUrl");
        }
    }

    private static VendorAnswer answered(Exchange exchange) {
        Message message = exchange.getMessage();
        Map<String, String> headers = new LinkedHashMap<>();
        message.getHeaders().forEach((name, value) -> headers.put(name, String.valueOf(value)));
        Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        String text = message.getBody(String.class);
        return VendorAnswer.of(status == null ? 0 : status, text == null ? "" : text, headers);
    }

    private VendorAnswer answered(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpOperationFailedException http) {
                String body = http.getResponseBody();
                return VendorAnswer.of(
                        http.getStatusCode(),
                        body == null ? "" : body,
                        http.getResponseHeaders() == null ? Map.of() : http.getResponseHeaders());
            }
            if (cause instanceof IOException transport) {
                throw TransportFailures.of(transport, vendor);
            }
        }
        throw StepFailure.unsure("The request to " + vendor + " failed", failure);
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(http);
    }
}

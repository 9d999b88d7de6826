package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** One sink behind {@code direct:in} and a stand-in for its vendor; what it sends is recorded for the contract check. */
public final class SinkBench implements AutoCloseable {
    /** When the events happened. */
    public static final Instant EVENT_TIME = Instant.parse("2026-02-28T09:00:00.123Z");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SINCE_DOUBT = Duration.ofHours(1);

    public final WireMockServer standIn = SinkRoutes.standIn();
    public final SinkRoutes routes;
    private final String kamelet;
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private boolean loaded;

    /** @param sink as the contract check names it */
    public SinkBench(String kamelet, String sink) {
        this(kamelet, sink, SinkRoutes.CLOCK);
    }

    private SinkBench(String kamelet, String sink, Clock clock) {
        this.kamelet = kamelet;
        this.routes = new SinkRoutes(Sinks.inService(clock, DownloadRules.none(), Budgets.none()));
        OutboundRecorder.record(standIn, sink, kamelet, Hostile.SIMPLE, Hostile.PLACEHOLDER, Hostile.MERGE_TAGS);
        with("baseUrl", standIn.baseUrl());
    }

    /** One whose clock is an hour later than the attempt that {@link #look} asks about. */
    public static SinkBench later(String kamelet, String sink) {
        return new SinkBench(kamelet, sink, Clock.fixed(SinkRoutes.NOW.plus(SINCE_DOUBT), ZoneOffset.UTC));
    }

    /** Sets a parameter of the step; before the first event. */
    public SinkBench with(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    public SinkBench without(String name) {
        parameters.remove(name);
        return this;
    }

    public SinkBench answering(int status, String json) {
        return answering(aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(json));
    }

    public SinkBench answering(ResponseDefinitionBuilder answer) {
        standIn.stubFor(any(anyUrl()).willReturn(answer));
        return this;
    }

    /** Takes requests and answers none. */
    public SinkBench losingAnswers() {
        return answering(aResponse().withFault(Fault.EMPTY_RESPONSE));
    }

    /** Reads the step's parameters and starts it. */
    public SinkBench start() throws Exception {
        if (!loaded) {
            loaded = true;
            Map<String, Object> to = Map.of("id", "step", "uri", "kamelet:" + kamelet, "parameters", parameters);
            Map<String, Object> from = Map.of("uri", "direct:in", "steps", List.of(Map.of("to", to)));
            Object route = List.of(Map.of("route", Map.of("id", "bench", "from", from)));
            routes.load(new Dump(DumpSettings.builder().build()).dumpToString(route));
        }
        return this;
    }

    /** Delivers an event; it is the same delivery each time. */
    public Exchange event(Map<String, ?> payload) throws Exception {
        start();
        return routes.camel.createProducerTemplate().request("direct:in", exchange -> fill(exchange, payload));
    }

    private static void fill(Exchange exchange, Map<String, ?> payload) {
        exchange.getIn().setBody(payload);
        exchange.setVariable("eventId", "evt_1");
        exchange.setVariable("eventTime", EVENT_TIME.toString());
        exchange.setVariable("idempotencyKey", "key-1");
        exchange.setVariable("deliveryId", "7");
    }

    /** Delivers an event and expects no failure. */
    public Exchange delivered(Map<String, ?> payload) throws Exception {
        Exchange done = event(payload);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(payload);
        return done;
    }

    public StepFailure failure(Map<String, ?> payload) throws Exception {
        Exchange failed = event(payload);
        assertThat(failed.getException()).isInstanceOf(StepFailure.class);
        return failed.getException(StepFailure.class);
    }

    /** What the sink tells of the delivery that {@link #event} makes, doubted since {@link SinkRoutes#NOW}. */
    public Look look(Map<String, ?> payload) throws Exception {
        start();
        LookRequest request = new LookRequest(SinkRoutes.NOW);
        Exchange asked = routes.camel.createProducerTemplate().request("direct:in", exchange -> {
            fill(exchange, payload);
            exchange.setProperty(LookRequest.PROPERTY, request);
        });
        if (asked.getException() != null) {
            throw asked.getException();
        }
        return Objects.requireNonNull(request.answer());
    }

    /** In the order in which they came. */
    public List<LoggedRequest> requests() {
        List<LoggedRequest> requests = new ArrayList<>();
        standIn.getAllServeEvents().stream().map(ServeEvent::getRequest).forEach(requests::add);
        Collections.reverse(requests);
        return requests;
    }

    /** The body of a request as JSON; 0 is the first. */
    public JsonNode body(int request) {
        return json(requests().get(request).getBodyAsString());
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    @Override
    public void close() {
        routes.close();
        standIn.stop();
    }
}

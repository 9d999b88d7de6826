package dev.caravan.sink;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A real Camel context into which route files are loaded as the runtime loads them: the values of a Kamelet's parameters
 * go to it by reference, its URI holds only an id.
 */
public final class SinkRoutes implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    public final CamelContext camel = new DefaultCamelContext();
    private final ProducerTemplate template = camel.createProducerTemplate();
    private final Map<String, Properties> parameters = new ConcurrentHashMap<>();

    public SinkRoutes(Sinks sinks) {
        camel.getRegistry().bind("sinks", sinks);
        camel.getComponent("kamelet", KameletComponent.class).setRouteProperties(parameters);
        HttpDefaults.apply(camel, sinks.destinations());
        camel.getCamelContextExtension().addInterceptStrategy((context, node, target, next) -> {
            AsyncProcessor step = AsyncProcessorConverterHelper.convert(target);
            return callsKamelet(node) ? new UnsetVariables(step) : step;
        });
        camel.start();
    }

    /** Camel ends an action's own route with a call of {@code kamelet://sink}. */
    private static boolean callsKamelet(NamedNode node) {
        return node instanceof ToDefinition to
                && to.getUri().startsWith("kamelet:")
                && !to.getUri().startsWith("kamelet://sink");
    }

    public static SinkRoutes sending() {
        return new SinkRoutes(Sinks.inService(CLOCK, DownloadRules.none(), Budgets.none()));
    }

    /** A stand-in on a port of its own that stays quiet. */
    public static WireMockServer standIn() {
        WireMockServer server = new WireMockServer(
                WireMockConfiguration.options().dynamicPort().gzipDisabled(true).stubCorsEnabled(false));
        server.start();
        return server;
    }

    public SinkRoutes load(String yaml) throws Exception {
        Object file = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        byReference(file, "");
        String text = new Dump(DumpSettings.builder().build()).dumpToString(file);
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.fromBytes("route.yaml", text.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    @SuppressWarnings("unchecked")
    private void byReference(@Nullable Object node, String route) {
        if (node instanceof List<?> list) {
            list.forEach(item -> byReference(item, route));
        } else if (node instanceof Map<?, ?> map) {
            String id = map.containsKey("from") ? String.valueOf(map.get("id")) : route;
            String uri = String.valueOf(map.get("uri"));
            if (uri.startsWith("kamelet:")) {
                String reference = id + "-" + map.get("id");
                Properties values = new Properties();
                if (map.remove("parameters") instanceof Map<?, ?> given) {
                    given.forEach((name, value) ->
                            values.setProperty(String.valueOf(name), ParameterCode.encode(String.valueOf(value))));
                }
                parameters.put(reference, values);
                ((Map<String, Object>) map).put("uri", uri + "/" + reference);
            }
            map.values().forEach(value -> byReference(value, id));
        }
    }

    /** Sends an event into {@code direct:in}. */
    public Exchange event(Map<String, ?> payload) {
        return event(payload, new byte[0]);
    }

    public Exchange event(Map<String, ?> payload, byte[] received) {
        return template.request("direct:in", exchange -> {
            exchange.getIn().setBody(payload);
            exchange.setProperty("CaravanPayload", received);
            exchange.setVariable("eventId", "evt_1");
            exchange.setVariable("deliveryId", "7");
            exchange.setVariable("eventSource", "koji");
        });
    }

    /** Asks the sink behind {@code direct:in} whether it has done an event. */
    public Look look(Map<String, ?> payload) throws Exception {
        LookRequest request = new LookRequest(NOW);
        Exchange asked = ask(payload, request);
        if (asked.getException() != null) {
            throw asked.getException();
        }
        return Objects.requireNonNull(request.answer());
    }

    /** The same, with what the sink leaves on the exchange. */
    public Exchange ask(Map<String, ?> payload, LookRequest request) {
        return template.request("direct:in", exchange -> {
            exchange.getIn().setBody(payload);
            exchange.setProperty(LookRequest.PROPERTY, request);
            exchange.setVariable("deliveryId", "7");
            exchange.setVariable("eventSource", "koji");
        });
    }

    @Override
    public void close() {
        camel.stop();
    }
}

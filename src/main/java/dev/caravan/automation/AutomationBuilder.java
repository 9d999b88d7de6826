package dev.caravan.automation;

import dev.caravan.sink.ShippedKamelets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;

/**
 * An automation in Java. Found by {@code ServiceLoader} as an {@code org.apache.camel.builder.RouteBuilder}, in the jar
 * or in {@code lib/}.
 *
 * <pre>{@code
 * public final class CampaignReport extends AutomationBuilder {
 *     public CampaignReport() {
 *         super("kejue-campaign-report");
 *     }
 *
 *     public void configure() {
 *         from("inbox:kejue?events=campaign.ended").routeId(id())
 *             .to(sink("slack-message-sink", "message")
 *                 .with("webhookUrl", "{{slack.calls.webhook-url}}")
 *                 .with("text", "Campaign ended: ${body[data][name]}")
 *                 .uri()).id("message");
 *     }
 * }
 * }</pre>
 *
 * <p>A placeholder without a value turns the automation off, as in a route file. Not safe for use by several threads.
 */
public abstract class AutomationBuilder extends RouteBuilder {
    private final String id;
    private final Map<String, Properties> parameters = new HashMap<>();
    private final Map<String, Map<String, String>> written = new HashMap<>();
    private final Set<String> missing = new TreeSet<>();
    private @Nullable Requirements requirements;
    private @Nullable Kamelets kamelets;
    private UnaryOperator<String> encode = UnaryOperator.identity();

    /**
     * A builder of one automation, and of helper routes if it needs some.
     *
     * @param id the automation's id: give it to the route that starts from {@code inbox:}
     */
    protected AutomationBuilder(String id) {
        this.id = id;
    }

    protected final String id() {
        return id;
    }

    /**
     * A Kamelet as a step's destination.
     *
     * @param stepId the id that the step gets with {@code .id(…)}; unique within this builder
     */
    protected final SinkUse sink(String kamelet, String stepId) {
        return new SinkUse(kamelet, stepId);
    }

    /** One use of a Kamelet, with its parameters. */
    public final class SinkUse {
        private final String kamelet;
        private final String stepId;
        private final Properties values = new Properties();

        private SinkUse(String kamelet, String stepId) {
            this.kamelet = kamelet;
            this.stepId = stepId;
        }

        /**
         * Gives a parameter its value.
         *
         * @param value as written, with <code>{{placeholders}}</code> and the Kamelet's own <code>${…}</code>
         */
        public SinkUse with(String parameter, String value) {
            values.setProperty(parameter, value);
            return this;
        }

        /**
         * The endpoint to give to {@code to(…)}; no value stands in it.
         *
         * @throws IllegalArgumentException if there is no such Kamelet, or a parameter is unknown or lacks
         */
        public String uri() {
            Requirements resolver = requirements;
            Kamelets known = kamelets;
            if (resolver == null || known == null) {
                throw new IllegalStateException("automation " + id + " is configured outside Caravan.");
            }
            Kamelets.Definition definition = known.find(kamelet)
                    .orElseThrow(() -> new IllegalArgumentException("there is no Kamelet `" + kamelet + "`."));
            definition.firstProblem(values.stringPropertyNames()).ifPresent(problem -> {
                throw new IllegalArgumentException(problem);
            });
            Properties resolved = new Properties();
            for (String name : values.stringPropertyNames()) {
                resolved.setProperty(name, resolve(resolver, values.getProperty(name), definition.shipped()));
            }
            if (definition.shipped() && missing.isEmpty()) {
                List<Placeholder> used = values.stringPropertyNames().stream()
                        .flatMap(name -> Placeholder.in(values.getProperty(name)).stream())
                        .toList();
                ShippedKamelets.problem(kamelet, resolved, getContext()).ifPresent(problem -> {
                    throw new IllegalArgumentException(resolver.withoutValues(problem, used));
                });
            }
            String routeId = id + "-" + stepId;
            if (parameters.put(routeId, resolved) != null) {
                throw new IllegalArgumentException("step `" + stepId + "` has two sinks; give each its own step id.");
            }
            Map<String, String> asWritten = new HashMap<>();
            values.stringPropertyNames().forEach(name -> asWritten.put(name, values.getProperty(name)));
            written.put(routeId, Map.copyOf(asWritten));
            return "kamelet:" + kamelet + "/" + routeId;
        }

        private String resolve(Requirements resolver, String value, boolean shipped) {
            Set<String> lacking = resolver.missingIn(value);
            missing.addAll(lacking);
            String text = lacking.isEmpty() ? resolver.resolved(value) : "";
            return shipped ? encode.apply(text) : text;
        }
    }

    void equip(Requirements with, Kamelets known, UnaryOperator<String> encoding) {
        this.requirements = with;
        this.kamelets = known;
        this.encode = encoding;
    }

    Map<String, Properties> parameters() {
        return Map.copyOf(parameters);
    }

    Map<String, Map<String, String>> written() {
        return Map.copyOf(written);
    }

    Set<String> missing() {
        return Set.copyOf(missing);
    }
}

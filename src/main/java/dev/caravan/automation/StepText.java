package dev.caravan.automation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.yaml.LwModelToYAMLDumper;

/**
 * What a step does, as a digest: an edited step has another one. It covers the step as written and the values of a
 * Kamelet's parameters; neither the text of a Kamelet or of a route that the step calls, nor Java code.
 */
final class StepText {
    private static final int DIGEST_CHARACTERS = 16;

    private StepText() {}

    /** Whether the step was left out because a key it uses has no value: it has no effect. */
    static boolean isSkipped(ProcessorDefinition<?> definition) {
        return definition instanceof ProcessDefinition process && RoutePlanner.SKIPPED_STEP.equals(process.getRef());
    }

    static String digest(CamelContext context, ProcessorDefinition<?> definition) {
        return sha256(written(context, definition) + parameters(context, definition))
                .substring(0, DIGEST_CHARACTERS);
    }

    private static String written(CamelContext context, ProcessorDefinition<?> definition) {
        try {
            return new LwModelToYAMLDumper().dumpModelAsYaml(context, definition, false, false, false, false);
        } catch (Exception e) {
            return definition.toString();
        }
    }

    private static Map<String, String> parameters(CamelContext context, ProcessorDefinition<?> definition) {
        Map<String, String> sorted = new TreeMap<>();
        if (definition instanceof EndpointRequiredDefinition sender
                && context.hasComponent("kamelet") instanceof KameletComponent kamelets
                && kamelets.getRouteProperties() != null) {
            String uri = String.valueOf(sender.getEndpointUri());
            Properties given = kamelets.getRouteProperties().get(uri.substring(uri.indexOf('/') + 1));
            if (given != null) {
                given.stringPropertyNames().forEach(name -> sorted.put(name, given.getProperty(name)));
            }
        }
        return sorted;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}

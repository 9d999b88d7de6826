package dev.caravan.automation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.yaml.LwModelToYAMLDumper;

/**
 * What a step does, as a digest: an edited step has another one. It covers the step and a Kamelet's parameters as they
 * are written, placeholders and not their values; neither the text of a Kamelet or of a route that the step calls, nor
 * Java code.
 */
final class StepText {
    private static final int DIGEST_CHARACTERS = 16;

    private StepText() {}

    /** Whether the step was left out because a key it uses has no value: it has no effect. */
    static boolean isSkipped(ProcessorDefinition<?> definition) {
        return definition instanceof ProcessDefinition process && RoutePlanner.SKIPPED_STEP.equals(process.getRef());
    }

    static String digest(CamelContext context, ProcessorDefinition<?> definition) {
        String text = written(context, definition) + parameters(context, definition);
        return sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST_CHARACTERS);
    }

    private static String written(CamelContext context, ProcessorDefinition<?> definition) {
        try {
            return new LwModelToYAMLDumper().dumpModelAsYaml(context, definition, false, false, false, false);
        } catch (Exception e) {
            return definition.toString();
        }
    }

    private static Map<String, String> parameters(CamelContext context, ProcessorDefinition<?> definition) {
        if (!(definition instanceof EndpointRequiredDefinition sender)) {
            return Map.of();
        }
        return KameletCall.of(sender.getEndpointUri())
                .map(call -> (Map<String, String>)
                        new TreeMap<>(WrittenParameters.of(context).of(call.routeId())))
                .orElseGet(Map::of);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}

package dev.caravan.automation;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ToDynamicDefinition;

/**
 * What may not stand in an automation, since it would lose a message, or have an effect twice, behind Caravan's back; and
 * neither in a route that an automation may call.
 */
final class StepRefusals {
    private static final Map<String, String> KINDS = Map.of(
            "wireTap",
            "it sends a copy that no record is kept of, so that a crash loses it; use `to`, or `multicast` with"
                    + " `parallelProcessing`.",
            "aggregate",
            "it holds messages in memory after their deliveries have succeeded, so that a crash loses them; store them,"
                    + " for example with `database-upsert-sink`, and let another automation sum them up.",
            "resequence",
            "it holds messages in memory after their deliveries have succeeded, so that a crash loses them; Caravan"
                    + " delivers events in order with `orderBy`.",
            "sampling",
            "it drops messages by the clock, so that a retry may drop what it was to finish; choose with `filter`.",
            "saga",
            "it undoes steps that Caravan knows as finished, so that a retry skips them; undo in a `doCatch`.",
            "onCompletion",
            "a failure in it is lost, and it runs after each failed attempt; make it the last steps of the route.");

    private static final Set<String> SENDERS =
            Set.of("to", "toD", "enrich", "pollEnrich", "poll", "recipientList", "routingSlip", "dynamicRouter");

    private static final Pattern SCHEME = Pattern.compile("(?:^|[\\s,'\"(])(seda|vm|disruptor|disruptor-vm):");

    private StepRefusals() {}

    /** Why no such EIP may stand in an automation. */
    static Optional<String> ofKind(String kind) {
        return Optional.ofNullable(KINDS.get(kind)).map(reason -> sentence("`" + kind + "`", reason));
    }

    /** Why an automation may not send to this URI, or to a list of URIs. */
    static Optional<String> ofDestination(String text) {
        Matcher found = SCHEME.matcher(text);
        return found.find()
                ? Optional.of(sentence(
                        "`" + found.group(1) + ":`",
                        "it hands the message on in memory, so that the delivery succeeds before the work is done and a"
                                + " crash loses it; use `direct:`."))
                : Optional.empty();
    }

    /** Whether the EIP sends to a destination that it names. */
    static boolean isSender(String kind) {
        return SENDERS.contains(kind);
    }

    private static String sentence(String what, String reason) {
        return what + " is not possible in an automation: " + reason;
    }

    /** Why a step of a Java route may not stand in an automation. */
    static Optional<String> of(ProcessorDefinition<?> step) {
        return ofKind(step.getShortName()).or(() -> ofDestination(destination(step)));
    }

    private static String destination(ProcessorDefinition<?> step) {
        if (step instanceof EndpointRequiredDefinition to) {
            return String.valueOf(to.getEndpointUri());
        }
        if (step instanceof ToDynamicDefinition to) {
            return String.valueOf(to.getUri());
        }
        boolean sends = step instanceof ExpressionNode && isSender(step.getShortName());
        return sends && ((ExpressionNode) step).getExpression() != null
                ? String.valueOf(((ExpressionNode) step).getExpression().getExpression())
                : "";
    }

    /** Whether what starts from there is an automation, or may be called by one. */
    static boolean concern(String from) {
        return from.startsWith("inbox:") || from.startsWith("direct:");
    }
}

package dev.caravan.automation;

import java.util.Set;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.SplitDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Which EIPs reach outside the exchange: those need an id, since their effect must not be repeated by mistake. And which
 * run what stands in them several times.
 */
final class StepKinds {
    /** A load balancer and a circuit breaker choose by what they remember: what they chose is not to be chosen anew. */
    private static final Set<String> CHOOSERS = Set.of("loadBalance", "circuitBreaker");

    private static final Set<String> OUTSIDE_EFFECTS = Set.of(
            "to",
            "toD",
            "enrich",
            "pollEnrich",
            "poll",
            "recipientList",
            "routingSlip",
            "dynamicRouter",
            "bean",
            "process",
            "script",
            "loadBalance",
            "circuitBreaker");

    private StepKinds() {}

    static boolean isOutsideEffect(String kind) {
        return OUTSIDE_EFFECTS.contains(kind);
    }

    /** Whether a step has no effect but that of the steps in it, which are known one by one. */
    static boolean onlyHoldsOthers(ProcessorDefinition<?> definition) {
        return CHOOSERS.contains(definition.getShortName())
                || (definition instanceof EndpointRequiredDefinition endpoint
                        && String.valueOf(endpoint.getEndpointUri()).startsWith("direct:"));
    }

    /** How an EIP runs what stands in it. */
    static StepPath.Turns turnsOf(ProcessorDefinition<?> definition) {
        if (definition instanceof SplitDefinition split) {
            return new StepPath.Turns(ExchangePropertyKey.SPLIT_INDEX, isSet(split.getParallelProcessing()));
        }
        if (definition instanceof MulticastDefinition multicast) {
            return new StepPath.Turns(ExchangePropertyKey.MULTICAST_INDEX, isSet(multicast.getParallelProcessing()));
        }
        if (definition instanceof RecipientListDefinition<?> recipients) {
            return new StepPath.Turns(ExchangePropertyKey.MULTICAST_INDEX, isSet(recipients.getParallelProcessing()));
        }
        return definition.getShortName().equals("loop")
                ? new StepPath.Turns(ExchangePropertyKey.LOOP_INDEX, false)
                : StepPath.Turns.ONE;
    }

    private static boolean isSet(@Nullable String option) {
        return option != null && !option.equalsIgnoreCase("false");
    }
}

package dev.caravan.automation;

import java.util.Map;
import java.util.Set;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * Which EIPs reach outside the exchange: those need an id, since their effect must not be repeated by mistake. And which
 * run what stands in them several times.
 */
final class StepKinds {
    private static final Set<String> OUTSIDE_EFFECTS = Set.of(
            "to",
            "toD",
            "enrich",
            "pollEnrich",
            "poll",
            "wireTap",
            "recipientList",
            "routingSlip",
            "dynamicRouter",
            "bean",
            "process",
            "script");

    private static final Map<String, ExchangePropertyKey> INDICES = Map.of(
            "split", ExchangePropertyKey.SPLIT_INDEX,
            "loop", ExchangePropertyKey.LOOP_INDEX,
            "recipientList", ExchangePropertyKey.MULTICAST_INDEX);

    private StepKinds() {}

    static boolean isOutsideEffect(String kind) {
        return OUTSIDE_EFFECTS.contains(kind);
    }

    /** Where the turn of an EIP that runs what stands in it several times can be read; null for any other EIP. */
    static @Nullable ExchangePropertyKey indexOf(String kind) {
        return INDICES.get(kind);
    }
}

package dev.caravan.automation;

import java.util.Set;

/** Which EIPs reach outside the exchange: those need an id, since their effect must not be repeated by mistake. */
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

    private StepKinds() {}

    static boolean isOutsideEffect(String kind) {
        return OUTSIDE_EFFECTS.contains(kind);
    }
}

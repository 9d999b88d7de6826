package dev.caravan.inbox;

import java.util.Map;

/**
 * What is unknown of a delivery's steps when an attempt has failed.
 *
 * @param unsure keys of the steps whose effect may have happened, each with the attempt that leaves it unknown
 * @param replace whether the inbox holds doubts, or begun steps, which these take the place of
 */
public record StepDoubts(Map<String, Integer> unsure, boolean replace) {
    /** Every step is finished or had no effect. */
    public static final StepDoubts NONE = new StepDoubts(Map.of(), false);

    public StepDoubts {
        unsure = Map.copyOf(unsure);
    }
}

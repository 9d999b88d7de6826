package dev.caravan.selftest;

import dev.caravan.automation.AutomationState;
import java.time.Duration;
import java.util.List;

/**
 * How a self-test ended.
 *
 * @param database what held the inbox
 * @param nodes that shared it
 * @param kills nodes that were killed
 * @param took from the first start of a node to the last delivery
 * @param inTime whether everything was settled before the time-out
 * @param automations the user's, each as it started
 * @param probe whether an automation of the self-test took part, since none of the user's could
 * @param silent sources for which it has no events to send
 */
public record Verdict(
        Tally tally,
        String database,
        int nodes,
        int kills,
        Duration took,
        boolean inTime,
        List<AutomationState> automations,
        boolean probe,
        List<String> silent) {
    public Verdict {
        automations = List.copyOf(automations);
        silent = List.copyOf(silent);
    }

    /** Whether everything was done, and nothing was lost or doubled. */
    public boolean good() {
        return inTime && tally.good();
    }

    /** The automations that took part. */
    public List<AutomationState> tested() {
        return automations.stream().filter(Setting::takesPart).toList();
    }

    /** Those that did not, and could. */
    public List<AutomationState> notTested() {
        return automations.stream()
                .filter(state -> state.state() != AutomationState.State.ON)
                .toList();
    }
}

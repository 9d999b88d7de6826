package dev.caravan.automation;

import java.util.List;

/**
 * One automation as the console and the command line show it; a snapshot.
 *
 * @param id the route's id; the file's name where a file is broken and no id could be read
 * @param origin the route file ({@code routes/x.yaml}) or the class that defines it
 * @param line where the route starts in {@code origin}, 0 for a class
 * @param running whether a version of it takes deliveries now: {@code BROKEN} and running means the last good version
 * @param reason why it is not {@code ON}, in one sentence; empty otherwise
 * @param missingKeys the settings it lacks
 * @param skippedSteps ids of steps left out because a <code>{{?key}}</code> they use has no value
 * @param sources names from {@code inbox:}, or {@code *}; empty for a helper route that starts elsewhere
 * @param events the event types it takes, with {@code *} wildcards; empty means all
 * @param steps ids of its steps with an outside effect, in their order; without those left out
 */
public record AutomationState(
        String id,
        String origin,
        int line,
        String description,
        State state,
        boolean running,
        String reason,
        List<String> missingKeys,
        List<String> skippedSteps,
        List<String> sources,
        List<String> events,
        List<String> steps) {

    /** What became of the automation's latest definition. */
    public enum State {
        ON,
        /** Well-formed, but switched off or without a setting that it needs. */
        OFF,
        /** Its latest save cannot run. */
        BROKEN,
        /** Deleted while this process ran. */
        REMOVED
    }

    public AutomationState {
        missingKeys = List.copyOf(missingKeys);
        skippedSteps = List.copyOf(skippedSteps);
        sources = List.copyOf(sources);
        events = List.copyOf(events);
        steps = List.copyOf(steps);
    }

    AutomationState broken(String why, boolean stillRunning) {
        return with(State.BROKEN, stillRunning, why);
    }

    AutomationState removed() {
        return with(State.REMOVED, false, "its definition was deleted");
    }

    AutomationState withSteps(List<String> ids) {
        return new AutomationState(
                id, origin, line, description, state, running, reason, missingKeys, skippedSteps, sources, events, ids);
    }

    private AutomationState with(State newState, boolean nowRunning, String why) {
        return new AutomationState(
                id,
                origin,
                line,
                description,
                newState,
                nowRunning,
                why,
                missingKeys,
                skippedSteps,
                sources,
                events,
                steps);
    }
}

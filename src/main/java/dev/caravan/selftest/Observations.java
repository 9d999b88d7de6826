package dev.caravan.selftest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the nodes of a self-test were seen to do, over all their lives. Thread-safe.
 *
 * <p>An effect that a later attempt has again is a repetition. It is allowed where the step that had it was not recorded
 * as finished before: the crash came between effect and record.
 */
final class Observations {
    /** One effect of a delivery, the same in each attempt. */
    private record What(String event, String automation, String step, String print) {}

    private record Pass(int life, long number) {}

    private static final class History {
        private final Map<Integer, Pass> passes = new HashMap<>();
    }

    private final Map<What, History> effects = new HashMap<>();
    private final Set<Pass> recorded = new HashSet<>();

    /**
     * Repetitions.
     *
     * @param allowed those of steps whose record a crash prevented
     * @param steps one text for each of the others: which step of which delivery
     */
    record Repetitions(int allowed, List<String> steps) {
        Repetitions {
            steps = List.copyOf(steps);
        }
    }

    /** @param life another number for each process */
    synchronized void effect(int life, Told.Effect effect) {
        if (!effect.event().isEmpty()) {
            effects.computeIfAbsent(
                            new What(effect.event(), effect.automation(), effect.step(), effect.print()),
                            first -> new History())
                    .passes
                    .putIfAbsent(effect.attempt(), new Pass(life, effect.pass()));
        }
    }

    synchronized void recorded(int life, Told.Recorded told) {
        recorded.add(new Pass(life, told.pass()));
    }

    /** How many different effects there were. */
    synchronized int effects() {
        return effects.size();
    }

    synchronized Repetitions repetitions() {
        int allowed = 0;
        List<String> steps = new ArrayList<>();
        for (Map.Entry<What, History> one : effects.entrySet()) {
            What what = one.getKey();
            boolean finished = false;
            boolean first = true;
            for (int attempt : one.getValue().passes.keySet().stream().sorted().toList()) {
                if (finished) {
                    steps.add("step " + what.step() + " of " + what.automation() + " for " + what.event()
                            + " again in attempt " + attempt);
                } else if (!first) {
                    allowed++;
                }
                first = false;
                finished |= recorded.contains(one.getValue().passes.get(attempt));
            }
        }
        return new Repetitions(allowed, steps);
    }
}

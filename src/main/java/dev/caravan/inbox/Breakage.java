package dev.caravan.inbox;

import java.util.List;

/**
 * That the latest definition of automations cannot run.
 *
 * @param origin the route file, or the class
 * @param line where in it, 0 where that is not known
 * @param cause one sentence without payload or secret
 * @param automations the ids concerned
 * @param running whether a version from before still runs
 */
public record Breakage(String origin, int line, String cause, List<String> automations, boolean running) {
    public Breakage {
        automations = List.copyOf(automations);
    }
}

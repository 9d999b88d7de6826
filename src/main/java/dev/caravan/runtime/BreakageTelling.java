package dev.caravan.runtime;

import dev.caravan.inbox.Breakage;
import dev.caravan.inbox.SystemEvents;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what has broken since the last time, and what was mended. What cannot be told since the inbox cannot be written
 * is told with the next change of an automation.
 */
final class BreakageTelling implements Consumer<List<Breakage>> {
    private static final Logger LOG = LoggerFactory.getLogger(BreakageTelling.class);

    private final SystemEvents events;
    private final Map<String, String> told = new HashMap<>();
    private boolean begun;

    BreakageTelling(SystemEvents events) {
        this.events = events;
    }

    /** @param now everything that is broken */
    @Override
    public synchronized void accept(List<Breakage> now) {
        Map<String, String> causes = new HashMap<>();
        now.forEach(breakage -> causes.put(breakage.origin(), breakage.cause()));
        List<Breakage> fresh = now.stream()
                .filter(breakage -> !breakage.cause().equals(told.get(breakage.origin())))
                .toList();
        Set<String> over = new HashSet<>(told.keySet());
        over.removeAll(causes.keySet());
        // At the start, what is known to be broken was told by an earlier run.
        Predicate<String> mended = begun ? over::contains : origin -> !causes.containsKey(origin);
        if (begun && fresh.isEmpty() && over.isEmpty()) {
            return;
        }
        try {
            events.broken(fresh, mended).join();
            begun = true;
            told.clear();
            told.putAll(causes);
        } catch (RuntimeException failed) {
            LOG.warn("What is broken or mended among the automations could not be told: {}", failed.getMessage());
        }
    }
}

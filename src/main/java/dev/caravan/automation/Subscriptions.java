package dev.caravan.automation;

import java.util.List;
import java.util.Set;

/**
 * Where the inbox learns who wants which events. Calls come from one thread at a time, and always before the route
 * concerned starts, so that an edited automation misses no event.
 */
public interface Subscriptions {

    /** The ids subscribed now, also those of earlier runs. */
    Set<String> ids();

    /**
     * The automation is on and about to start for the first time, or with other sources or events than before. Events
     * stored from now on count for it.
     *
     * @param sources source names or {@code *}
     * @param events event types with {@code *} wildcards; empty means all
     */
    void subscribe(String id, String origin, List<String> sources, List<String> events);

    /** The automation was deleted. Never called because one is off, broken or paused. */
    void unsubscribe(String id);

    /** Every automation that this node has a definition of, known once all could be read; the others were deleted. */
    default void defined(Set<String> automations) {
        ids().stream().filter(id -> !automations.contains(id)).toList().forEach(this::unsubscribe);
    }
}

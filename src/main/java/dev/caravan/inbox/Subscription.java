package dev.caravan.inbox;

import dev.caravan.settings.SystemSource;
import java.util.List;

/**
 * What an automation wants to be delivered.
 *
 * @param automation its id
 * @param file the route file or class that defines it, so that a file that cannot be read keeps its subscriptions
 * @param sources names, or {@code *} for those of vendors: Caravan's own events come to who names their source
 * @param events event types with {@code *} wildcards
 */
public record Subscription(String automation, String file, List<String> sources, List<String> events) {

    public Subscription {
        sources = List.copyOf(sources);
        events = List.copyOf(events);
    }

    /** Whether an event of this source and type is wanted. */
    public boolean wants(String source, String type) {
        boolean ofSource = source.equals(SystemSource.NAME)
                ? sources.contains(source)
                : sources.stream().anyMatch(s -> matches(s, source));
        return ofSource && events.stream().anyMatch(e -> matches(e, type));
    }

    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        if (!text.startsWith(pattern.substring(0, star))) {
            return false;
        }
        String rest = pattern.substring(star + 1);
        for (int from = star; from <= text.length(); from++) {
            if (matches(rest, text.substring(from))) {
                return true;
            }
        }
        return false;
    }
}

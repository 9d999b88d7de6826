package dev.caravan.inbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one replay knows of automations: from the inbox, and where that does not say, from their definitions. Used by one thread. */
final class KnownAutomations {
    private final ReplayQueries queries;
    private final Definition.Lookup definitions;
    private final Map<String, List<Subscription>> wishes = new HashMap<>();

    KnownAutomations(ReplayQueries queries, Definition.Lookup definitions) {
        this.queries = queries;
        this.definitions = definitions;
    }

    /** Whether neither a subscription nor a definition is left, so that nothing would run its deliveries. */
    boolean isGone(String automation) {
        return wishes(automation).isEmpty();
    }

    boolean wants(String automation, String source, String type) {
        return wishes(automation).stream().anyMatch(wish -> wish.wants(source, type));
    }

    private List<Subscription> wishes(String automation) {
        return wishes.computeIfAbsent(automation, id -> {
            List<Subscription> subscribed = queries.subscriptions(id);
            return subscribed.isEmpty()
                    ? definitions.find(id).map(Definition::wanted).stream().toList()
                    : subscribed;
        });
    }

    List<String> steps(String automation) {
        return definitions.find(automation).map(Definition::steps).orElse(List.of());
    }
}

package dev.caravan.automation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells {@link Subscriptions} what changed, and only that. */
final class SubscriptionKeeper {
    private record Wish(List<String> sources, List<String> events) {}

    private final Subscriptions subscriptions;
    private final Map<String, Wish> told = new HashMap<>();

    SubscriptionKeeper(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** The automation is about to start. */
    void about(AutomationState state) {
        Wish wish = new Wish(state.sources(), state.events());
        if (!wish.sources().isEmpty() && !wish.equals(told.get(state.id()))) {
            subscriptions.subscribe(state.id(), state.origin(), state.sources(), state.events());
            told.put(state.id(), wish);
        }
    }

    void unsubscribe(String id) {
        told.remove(id);
        if (subscriptions.ids().contains(id)) {
            subscriptions.unsubscribe(id);
        }
    }

    void defined(Set<String> automations) {
        told.keySet().retainAll(automations);
        subscriptions.defined(automations);
    }
}

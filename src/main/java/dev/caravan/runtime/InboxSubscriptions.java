package dev.caravan.runtime;

import dev.caravan.automation.Subscriptions;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Subscription;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps the automations' subscriptions in the inbox; each call returns when it is on disk. */
final class InboxSubscriptions implements Subscriptions {
    private final Inbox inbox;

    InboxSubscriptions(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public Set<String> ids() {
        return inbox.subscriptions().stream().map(Subscription::automation).collect(Collectors.toSet());
    }

    @Override
    public void subscribe(String id, String origin, List<String> sources, List<String> events) {
        inbox.subscribe(new Subscription(id, origin, sources, events.isEmpty() ? List.of("*") : events))
                .join();
    }

    @Override
    public void unsubscribe(String id) {
        inbox.unsubscribe(id).join();
    }

    @Override
    public void defined(Set<String> automations) {
        inbox.define(automations);
    }
}

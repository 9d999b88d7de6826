package dev.caravan.inbox;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The subscriptions in force. Changed and asked on the writer's thread, so that an event and a change of subscription
 * that commit one after the other also take effect one after the other.
 */
final class Subscriptions {
    private static final int REMEMBERED = 10_000;

    private record SourceAndType(String source, String type) {}

    private final Map<String, Subscription> byAutomation = new TreeMap<>();
    private final Map<SourceAndType, Set<String>> answers = new ConcurrentHashMap<>();

    void put(Subscription subscription) {
        byAutomation.put(subscription.automation(), subscription);
        answers.clear();
    }

    void remove(String automation) {
        byAutomation.remove(automation);
        answers.clear();
    }

    void replaceAll(Collection<Subscription> all) {
        byAutomation.clear();
        all.forEach(s -> byAutomation.put(s.automation(), s));
        answers.clear();
    }

    Set<String> wanting(String source, String type) {
        if (answers.size() > REMEMBERED) {
            answers.clear();
        }
        return answers.computeIfAbsent(new SourceAndType(source, type), key -> {
            Set<String> wanting = new TreeSet<>();
            byAutomation.values().stream()
                    .filter(s -> s.wants(key.source(), key.type()))
                    .forEach(s -> wanting.add(s.automation()));
            return wanting;
        });
    }
}

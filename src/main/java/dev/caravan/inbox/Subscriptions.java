package dev.caravan.inbox;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The subscriptions in force, read again whenever the database says that they changed. Used by the writer's thread.
 */
final class Subscriptions {
    private static final int REMEMBERED = 10_000;

    private record SourceAndType(String source, String type) {}

    private long changes = -1;
    private List<Subscription> all = List.of();
    private final Map<SourceAndType, Set<String>> answers = new HashMap<>();

    /** The same, as a transaction finds them. */
    Subscriptions asOf(WriteSession session) throws SQLException {
        if (changes != session.subscriptionChanges()) {
            all = SubscriptionTable.all(session);
            answers.clear();
            changes = session.subscriptionChanges();
        }
        return this;
    }

    /** The automations that get an event, in the order of their ids. */
    Set<String> wanting(String source, String type) {
        if (answers.size() > REMEMBERED) {
            answers.clear();
        }
        return answers.computeIfAbsent(new SourceAndType(source, type), key -> {
            Set<String> wanting = new TreeSet<>();
            all.stream().filter(s -> s.wants(key.source(), key.type())).forEach(s -> wanting.add(s.automation()));
            return wanting;
        });
    }
}

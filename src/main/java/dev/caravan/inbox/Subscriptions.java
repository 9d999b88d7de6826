package dev.caravan.inbox;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The subscriptions in force, read again whenever the database says that they changed. Used by the writer's thread. */
final class Subscriptions {
    private static final int REMEMBERED = 10_000;

    private record SourceAndType(String source, String type) {}

    private long changes = -1;
    private List<SubscriptionTable.Row> all = List.of();
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
            all.stream()
                    .map(SubscriptionTable.Row::subscription)
                    .filter(s -> s.wants(key.source(), key.type()))
                    .forEach(s -> wanting.add(s.automation()));
            return wanting;
        });
    }

    /**
     * Whether an event is for another node, which has the automation in a version that wants it while this node's does
     * not.
     */
    boolean isForAnother(String node, String automation, String source, String type) {
        boolean ours = false;
        boolean another = false;
        for (SubscriptionTable.Row row : all) {
            if (row.subscription().automation().equals(automation)) {
                boolean wanted = row.subscription().wants(source, type);
                boolean own = row.node().equals(node);
                if (own && wanted) {
                    return false;
                }
                ours |= own;
                another |= wanted;
            }
        }
        return ours && another;
    }
}

package dev.caravan.selftest;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.EventSummary;
import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.Settlement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the inbox holds of the events that were sent.
 *
 * @param deliveries of these events
 * @param successes how many attempts succeeded, of each delivery that had more than one attempt
 */
record Stored(List<EventSummary> events, List<DeliverySummary> deliveries, Map<String, Integer> successes) {
    Stored {
        events = List.copyOf(events);
        deliveries = List.copyOf(deliveries);
        successes = Map.copyOf(successes);
    }

    /** @param sources whose events were sent; the inbox has others, of its own */
    static Stored read(InboxReader inbox, Set<String> sources) {
        List<EventSummary> events = inbox.events(Optional.empty(), Optional.empty(), 0).stream()
                .filter(event -> sources.contains(event.source()))
                .toList();
        List<DeliverySummary> deliveries = inbox.deliveries(Optional.empty(), Optional.empty(), 0).stream()
                .filter(delivery -> sources.contains(delivery.source()))
                .toList();
        Map<String, Integer> successes = new HashMap<>();
        for (DeliverySummary delivery : deliveries) {
            if (delivery.attempts() > 1) {
                long succeeded = inbox.attemptsOf(delivery.id()).stream()
                        .filter(attempt -> attempt.outcome() == Settlement.Outcome.SUCCEEDED)
                        .count();
                successes.put(delivery.id(), (int) succeeded);
            }
        }
        return new Stored(events, deliveries, successes);
    }

    /** Whether each delivery has ended, or has failed and waits for its next attempt. */
    static boolean isSettled(InboxReader inbox) {
        Map<DeliveryState, Long> counts = inbox.deliveryCounts();
        return counts.getOrDefault(DeliveryState.PENDING, 0L) + counts.getOrDefault(DeliveryState.RUNNING, 0L) == 0;
    }
}

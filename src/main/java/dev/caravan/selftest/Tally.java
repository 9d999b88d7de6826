package dev.caravan.selftest;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.EventSummary;
import dev.caravan.selftest.Observations.Repetitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was answered, what was stored and what went out, compared.
 *
 * @param sent events that were to be sent
 * @param accepted those answered 200
 * @param refused what the others were answered, and how often
 * @param unanswered those that were neither when time was up
 * @param lost one sentence each: an event answered 200 that the inbox has not, or a delivery missing or not settled
 * @param doubled one sentence each: an event stored twice, a delivery made or done twice, a finished step repeated
 * @param repeated effects that came twice since a crash prevented their record
 * @param effects different effects that went out
 * @param deliveries in each state
 * @param failures why deliveries are dead or wait for another attempt, and how often
 * @param p50 of the accepted requests, until their answer
 * @param p99 of the same
 */
public record Tally(
        int sent,
        int accepted,
        Map<String, Integer> refused,
        int unanswered,
        List<String> lost,
        List<String> doubled,
        int repeated,
        int effects,
        Map<DeliveryState, Integer> deliveries,
        Map<String, Integer> failures,
        Duration p50,
        Duration p99) {
    public Tally {
        refused = Map.copyOf(refused);
        lost = List.copyOf(lost);
        doubled = List.copyOf(doubled);
        deliveries = Map.copyOf(deliveries);
        failures = Map.copyOf(failures);
    }

    static Tally of(int events, List<Sent> settled, Stored stored, Repetitions repetitions, int effects) {
        List<Sent> accepted = settled.stream().filter(Sent::accepted).toList();
        return new Tally(
                events,
                accepted.size(),
                counted(settled.stream()
                        .filter(one -> !one.accepted())
                        .map(one -> one.source() + ": " + one.answer())
                        .toList()),
                events - settled.size(),
                lost(accepted, stored),
                doubled(accepted, events - accepted.size(), stored, repetitions),
                repetitions.allowed(),
                effects,
                states(stored),
                counted(stored.deliveries().stream()
                        .filter(Tally::hasFailed)
                        .map(Tally::why)
                        .toList()),
                percentile(accepted, 50),
                percentile(accepted, 99));
    }

    /** Whether all that was sent was accepted, and nothing was lost or doubled. */
    public boolean good() {
        return accepted == sent && lost.isEmpty() && doubled.isEmpty();
    }

    private static List<String> lost(List<Sent> accepted, Stored stored) {
        List<String> lost = new ArrayList<>();
        Map<String, EventSummary> byId = stored.events().stream().collect(Collectors.toMap(EventSummary::id, e -> e));
        Map<String, Integer> made = new HashMap<>();
        stored.deliveries().forEach(delivery -> made.merge(delivery.eventId(), 1, Integer::sum));
        Set<String> answered = new HashSet<>();
        for (Sent one : accepted) {
            String id = one.eventId().orElseThrow();
            String name = id + " (" + one.source() + " " + one.type() + ")";
            EventSummary event = byId.get(id);
            if (event == null) {
                lost.add(name + " was answered 200 and is not in the inbox");
            } else if (made.getOrDefault(id, 0) < event.wantedBy()) {
                lost.add(name + " was wanted by " + event.wantedBy() + " automations and has "
                        + made.getOrDefault(id, 0) + " deliveries");
            }
            if (!answered.add(id)) {
                lost.add(name + " was the answer to two different events");
            }
        }
        for (DeliverySummary delivery : stored.deliveries()) {
            if (delivery.state() == DeliveryState.PENDING || delivery.state() == DeliveryState.RUNNING) {
                lost.add(name(delivery) + " is still " + delivery.state().label());
            }
        }
        return lost;
    }

    private static List<String> doubled(List<Sent> accepted, int notAccepted, Stored stored, Repetitions repetitions) {
        List<String> doubled = new ArrayList<>();
        Set<String> answered =
                accepted.stream().map(one -> one.eventId().orElseThrow()).collect(Collectors.toSet());
        // Of an event whose answer was never heard it is unknown whether it was stored.
        stored.events().stream()
                .filter(event -> !answered.contains(event.id()))
                .skip(notAccepted)
                .forEach(event -> doubled.add(event.id() + " (" + event.source() + " " + event.type()
                        + ") is in the inbox a second time, under another id than was answered"));
        Set<String> made = new HashSet<>();
        for (DeliverySummary delivery : stored.deliveries()) {
            if (!made.add(delivery.eventId() + " " + delivery.automation())) {
                doubled.add(name(delivery) + " is a second one of the same event and automation");
            }
            if (stored.successes().getOrDefault(delivery.id(), 0) > 1) {
                doubled.add(name(delivery) + " was done " + stored.successes().get(delivery.id()) + " times");
            }
        }
        repetitions.steps().forEach(step -> doubled.add("A finished step was repeated: " + step));
        return doubled;
    }

    private static String name(DeliverySummary delivery) {
        return delivery.id() + " (" + delivery.automation() + " for " + delivery.eventId() + ")";
    }

    private static Map<DeliveryState, Integer> states(Stored stored) {
        Map<DeliveryState, Integer> states = new EnumMap<>(DeliveryState.class);
        stored.deliveries().forEach(delivery -> states.merge(delivery.state(), 1, Integer::sum));
        return states;
    }

    private static boolean hasFailed(DeliverySummary delivery) {
        return delivery.state() == DeliveryState.DEAD || delivery.state() == DeliveryState.RETRYING;
    }

    private static String why(DeliverySummary delivery) {
        return delivery.automation() + " is " + delivery.state().label() + " for " + delivery.type() + ": "
                + delivery.lastAttempt().flatMap(attempt -> attempt.message()).orElse("no reason is known");
    }

    private static Map<String, Integer> counted(List<String> texts) {
        Map<String, Integer> counts = new TreeMap<>();
        texts.forEach(text -> counts.merge(text, 1, Integer::sum));
        return counts;
    }

    /** The nearest rank; zero where there was no answer. */
    private static Duration percentile(List<Sent> accepted, int percent) {
        long[] nanos = accepted.stream().mapToLong(Sent::nanos).sorted().toArray();
        return nanos.length == 0
                ? Duration.ZERO
                : Duration.ofNanos(nanos[Math.max(0, (int) Math.ceil(nanos.length * percent / 100.0) - 1)]);
    }
}

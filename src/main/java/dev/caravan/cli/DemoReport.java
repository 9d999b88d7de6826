package dev.caravan.cli;

import dev.caravan.automation.AutomationState;
import dev.caravan.dryrun.DemoTable;
import dev.caravan.dryrun.DryRun;
import dev.caravan.dryrun.Effect;
import dev.caravan.dryrun.EffectViews;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.InboxReader;
import dev.caravan.manage.Views;
import dev.caravan.samples.Sender;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo showed.
 *
 * @param deliveries each event with its deliveries
 * @param duplicate what the first event was answered when it was sent again
 * @param forged what it was answered with a byte changed
 * @param notOn automations that do not run
 */
record DemoReport(List<Event> deliveries, Sender.Answer duplicate, Sender.Answer forged, List<AutomationState> notOn) {

    record Event(DemoEvents.Sent sent, List<Delivery> deliveries) {}

    record Delivery(DeliverySummary summary, List<Effect> effects) {
        boolean succeeded() {
            return summary.state() == DeliveryState.SUCCEEDED;
        }
    }

    static List<Event> events(List<DemoEvents.Sent> sent, InboxReader reader, DryRun dryRun) {
        List<Event> events = new ArrayList<>();
        for (DemoEvents.Sent one : sent) {
            events.add(new Event(
                    one,
                    reader.deliveriesOf(one.eventId()).stream()
                            .sorted(Comparator.comparing(DeliverySummary::automation))
                            .map(summary ->
                                    new Delivery(summary, dryRun.effects(summary.eventId(), summary.automation())))
                            .toList()));
        }
        return events;
    }

    /** Whether everything went as it should: accepted, delivered, and the two requests refused. */
    boolean good() {
        boolean delivered = deliveries.stream()
                .allMatch(event -> event.sent().answer().status() == 200
                        && event.deliveries().stream().allMatch(Delivery::succeeded));
        return delivered && duplicate.body().contains("duplicate") && forged.status() == 401 && notOn.isEmpty();
    }

    DemoTable table(EffectViews views, int width, boolean colour) {
        DemoTable table = new DemoTable(width, colour);
        for (Event event : deliveries) {
            if (event.deliveries().isEmpty()) {
                boolean accepted = event.sent().answer().status() == 200;
                table.add(new DemoTable.Row(
                        event.sent().name(),
                        "-",
                        accepted ? "stored" : "refused",
                        accepted,
                        List.of(
                                accepted
                                        ? "(no automation wants it)"
                                        : event.sent().answer().body())));
            }
            event.deliveries().forEach(delivery -> table.add(row(event, delivery, views)));
        }
        return table;
    }

    private static DemoTable.Row row(Event event, Delivery delivery, EffectViews views) {
        List<String> lines = new ArrayList<>(wentOut(delivery.effects(), views));
        if (!delivery.succeeded()) {
            delivery.summary().lastAttempt().map(EventCommand::describe).ifPresent(lines::add);
        }
        return new DemoTable.Row(
                event.sent().name(),
                delivery.summary().automation(),
                delivery.summary().state().label(),
                delivery.succeeded(),
                lines);
    }

    static List<String> wentOut(List<Effect> effects, EffectViews views) {
        return effects.isEmpty()
                ? List.of("(nothing)")
                : effects.stream().map(views::line).toList();
    }

    Map<String, Object> json(EffectViews views) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("good", good());
        view.put("events", deliveries.stream().map(event -> json(event, views)).toList());
        view.put("duplicate", json(duplicate));
        view.put("forged", json(forged));
        view.put("notOn", notOn.stream().map(Views::of).toList());
        return view;
    }

    private static Map<String, Object> json(Event event, EffectViews views) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", event.sent().eventId());
        view.put("source", event.sent().source().name());
        view.put("type", event.sent().sample().event());
        view.put("shape", event.sent().sample().shape());
        view.put("answer", json(event.sent().answer()));
        view.put(
                "deliveries",
                event.deliveries().stream()
                        .map(delivery -> json(delivery, views))
                        .toList());
        return view;
    }

    private static Map<String, Object> json(Delivery delivery, EffectViews views) {
        Map<String, Object> view = Views.of(delivery.summary());
        view.put("wentOut", delivery.effects().stream().map(views::json).toList());
        return view;
    }

    private static Map<String, Object> json(Sender.Answer answer) {
        return Map.of("status", answer.status(), "body", answer.body());
    }

    static String sentence(AutomationState state) {
        return state.id() + " (" + state.origin() + ") is "
                + state.state().name().toLowerCase(Locale.ROOT) + ": " + state.reason();
    }
}

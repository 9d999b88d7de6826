package dev.caravan.manage;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.ReplayPlan;
import dev.caravan.inbox.Replays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a replay's plan and outcome look as JSON. */
public final class ReplayViews {
    private ReplayViews() {}

    public static Map<String, Object> of(ReplayPlan plan) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("deliveries", plan.deliveries());
        view.put("runs", plan.parts().stream().map(ReplayViews::part).toList());
        if (!plan.eventTypes().isEmpty()) {
            view.put("eventTypes", new TreeMap<>(plan.eventTypes()));
        }
        view.put(
                "impossible",
                plan.hindered().stream().map(ReplayViews::hindered).toList());
        return view;
    }

    private static Map<String, Object> part(ReplayPlan.Part part) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("automation", part.automation());
        view.put("deliveries", part.deliveries());
        part.was().map(DeliveryState::label).ifPresent(was -> view.put("was", was));
        part.from().ifPresent(step -> view.put("fromStep", step));
        if (!part.kept().isEmpty()) {
            view.put("keptSteps", List.copyOf(new TreeSet<>(part.kept())));
        }
        if (!part.anew().isEmpty()) {
            view.put("steps", part.anew());
        }
        return view;
    }

    private static Map<String, Object> hindered(ReplayPlan.Hindered hindered) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("automation", hindered.automation());
        view.put("deliveries", hindered.deliveries());
        view.put("reason", hindered.reason().label());
        view.put("text", hindered.reason().text());
        return view;
    }

    public static Map<String, Object> of(Replays.Replayed replayed) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("replayed", replayed.deliveries());
        replayed.next().ifPresent(next -> view.put("next", next));
        return view;
    }
}

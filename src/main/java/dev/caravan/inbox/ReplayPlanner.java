package dev.caravan.inbox;

import dev.caravan.inbox.ReplayPlan.Hindered;
import dev.caravan.inbox.ReplayPlan.Part;
import dev.caravan.inbox.ReplayPlan.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tells what a replay would do. Blocks for as long as its queries take; used by one thread. */
public final class ReplayPlanner {
    private static final int PAGE = 2_000;

    private final ReplayQueries queries;
    private final KnownAutomations known;

    public ReplayPlanner(InboxReader reader, Definition.Lookup definitions) {
        this.queries = new ReplayQueries(reader);
        this.known = new KnownAutomations(queries, definitions);
    }

    /** Whether an automation of this name is subscribed or defined. */
    public boolean knows(String automation) {
        return !known.isGone(automation);
    }

    /** The plan; with neither parts nor hindrances where nothing fits the selection. */
    public ReplayPlan plan(ReplaySelection selection) {
        Draft draft = new Draft();
        if (selection.kind() != ReplaySelection.Kind.MISSED) {
            planAgain(selection, draft);
        }
        selection.automation().ifPresent(automation -> {
            if (selection.kind() == ReplaySelection.Kind.MISSED) {
                selection.since().ifPresent(since -> planMissed(automation, since, draft));
            } else if (selection.kind() == ReplaySelection.Kind.EVENT) {
                selection
                        .id()
                        .flatMap(event -> queries.missing(automation, event))
                        .ifPresent(event -> draft.make(automation, event));
            }
        });
        return draft.plan();
    }

    private void planAgain(ReplaySelection selection, Draft draft) {
        List<ReplayQueries.Finished> finished = queries.finished(selection);
        for (ReplayQueries.Group group : queries.groups(selection)) {
            draft.again(group, kept(finished, group));
        }
    }

    private static Set<String> kept(List<ReplayQueries.Finished> finished, ReplayQueries.Group group) {
        return finished.stream()
                .filter(step -> step.automation().equals(group.automation())
                        && step.state() == group.state()
                        && step.step().equals(group.step()))
                .map(step -> place(step.key()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A step's key begins with its place, followed by {@code ~} and what tells its text. */
    private static String place(String key) {
        int end = key.indexOf('~');
        String place = end < 0 ? key : key.substring(0, end);
        return place.replaceAll("\\[[^\\]]*]", "");
    }

    private void planMissed(String automation, Instant since, Draft draft) {
        ReplaySpan span = queries.events(since);
        List<ReplayQueries.Missing> page = queries.missing(automation, since, span, PAGE);
        while (!page.isEmpty()) {
            page.stream()
                    .filter(event -> known.wants(automation, event.source(), event.type()))
                    .forEach(event -> draft.make(automation, event));
            span = span.from(page.get(page.size() - 1).seq());
            page = page.size() < PAGE ? List.of() : queries.missing(automation, since, span, PAGE);
        }
    }

    private final class Draft {
        private record Cannot(String automation, Reason reason) {}

        private final List<Part> parts = new ArrayList<>();
        private final Map<String, Long> made = new TreeMap<>();
        private final Map<String, Long> eventTypes = new TreeMap<>();
        private final Map<Cannot, Long> hindered = new LinkedHashMap<>();

        void again(ReplayQueries.Group group, Set<String> kept) {
            Optional<Reason> hindrance = hindrance(group.automation(), group.purged());
            if (hindrance.isEmpty() && group.state() == DeliveryState.RUNNING) {
                hindrance = Optional.of(Reason.RUNNING);
            }
            if (hindrance.isPresent()) {
                hindered.merge(new Cannot(group.automation(), hindrance.get()), group.count(), Long::sum);
                return;
            }
            boolean anew = group.state() == DeliveryState.SUCCEEDED;
            parts.add(new Part(
                    group.automation(),
                    group.count(),
                    Optional.of(group.state()),
                    anew ? Optional.empty() : group.step(),
                    anew ? Set.of() : kept,
                    anew ? known.steps(group.automation()) : List.of()));
        }

        void make(String automation, ReplayQueries.Missing event) {
            Optional<Reason> hindrance = hindrance(automation, event.purged());
            if (hindrance.isEmpty() && !known.wants(automation, event.source(), event.type())) {
                hindrance = Optional.of(Reason.UNWANTED);
            }
            if (hindrance.isPresent()) {
                hindered.merge(new Cannot(automation, hindrance.get()), 1L, Long::sum);
            } else {
                made.merge(automation, 1L, Long::sum);
                eventTypes.merge(event.type(), 1L, Long::sum);
            }
        }

        private Optional<Reason> hindrance(String automation, boolean purged) {
            if (known.isGone(automation)) {
                return Optional.of(Reason.GONE);
            }
            return purged ? Optional.of(Reason.PURGED) : Optional.empty();
        }

        ReplayPlan plan() {
            List<Part> all = new ArrayList<>(parts);
            made.forEach((automation, count) -> all.add(new Part(
                    automation, count, Optional.empty(), Optional.empty(), Set.of(), known.steps(automation))));
            List<Hindered> cannot = new ArrayList<>();
            hindered.forEach((what, count) -> cannot.add(new Hindered(what.automation(), what.reason(), count)));
            return new ReplayPlan(all, cannot, eventTypes);
        }
    }
}

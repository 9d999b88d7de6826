package dev.caravan.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.inbox.Definition;
import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.ReplayPlan;
import dev.caravan.inbox.ReplayPlanner;
import dev.caravan.inbox.ReplaySelection;
import dev.caravan.inbox.Replays;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Answers requests to replay, for the API and for a command without a node. Thread-safe; blocks for as long as the inbox
 * takes.
 */
public final class ReplayDesk {
    private final InboxReader reader;
    private final Definition.Lookup definitions;
    private final Clock clock;

    public ReplayDesk(InboxReader reader, Definition.Lookup definitions, Clock clock) {
        this.reader = reader;
        this.definitions = definitions;
        this.clock = clock;
    }

    /**
     * The plan of what {@link ReplayRequest} describes.
     *
     * @throws ReplayRefused where it is no such request, or names what is not there
     */
    public Map<String, Object> plan(JsonNode request) throws ReplayRefused {
        return ReplayViews.of(plan(ReplayRequest.read(request, clock.instant())));
    }

    /**
     * Does it, or as much of it as one run does: then the answer has a {@code next}, to be sent with the same request.
     *
     * @throws ReplayRefused as for {@link #plan}
     */
    public Map<String, Object> run(JsonNode request, Replays replays) throws ReplayRefused {
        ReplaySelection selection = ReplayRequest.read(request, clock.instant());
        Optional<String> next = ReplayRequest.next(request);
        if (next.isEmpty()) {
            requireThere(selection);
        }
        try {
            return ReplayViews.of(replays.run(selection, definitions, next));
        } catch (IllegalArgumentException e) {
            throw ReplayRefused.wrong("`next` is not what an answer had: leave it out to begin anew");
        }
    }

    ReplayPlan plan(ReplaySelection selection) throws ReplayRefused {
        requireThere(selection);
        return new ReplayPlanner(reader, definitions).plan(selection);
    }

    private void requireThere(ReplaySelection selection) throws ReplayRefused {
        String id = selection.id().orElse("");
        if (selection.kind() == ReplaySelection.Kind.DELIVERY
                && reader.delivery(id).isEmpty()) {
            throw ReplayRefused.unknown("there is no delivery " + id + ": `deliveries` lists those there are");
        }
        if (selection.kind() == ReplaySelection.Kind.EVENT
                && reader.eventSummary(id).isEmpty()) {
            throw ReplayRefused.unknown("there is no event " + id + ": `events` lists those there are");
        }
        if (selection.automation().isPresent()) {
            requireKnown(selection.automation().get());
        }
    }

    /** An automation that has been deleted is known by its deliveries. */
    private void requireKnown(String automation) throws ReplayRefused {
        if (!new ReplayPlanner(reader, definitions).knows(automation)
                && reader.deliveries(Optional.empty(), Optional.of(automation), 1)
                        .isEmpty()) {
            throw ReplayRefused.unknown("there is no automation " + automation + ": `check` lists those there are");
        }
    }
}

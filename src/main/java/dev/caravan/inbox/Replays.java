package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Makes deliveries run again, and deliveries for events that an automation has missed. Thread-safe.
 *
 * <p>A delivery that succeeded runs all its steps anew, as its next generation. Any other keeps its generation and its
 * finished steps and goes on at the step that failed. Both have their whole retry schedule before them.
 */
public final class Replays {
    /** So few that a request waits for no more than these and the events before it. */
    private static final int BATCH = 500;

    private static final int BATCHES_OF_A_RUN = 10;

    private final InboxWriter writer;
    private final ReplayQueries queries;
    private final Ids ids;
    private final Supplier<Runners> runners;

    Replays(InboxWriter writer, InboxReader reader, Ids ids, Supplier<Runners> runners) {
        this.writer = writer;
        this.queries = new ReplayQueries(reader);
        this.ids = ids;
        this.runners = runners;
    }

    /**
     * What one run has done.
     *
     * @param deliveries how many are due now
     * @param next where the next run goes on; empty where nothing is left
     */
    public record Replayed(long deliveries, Optional<String> next) {}

    /**
     * Replays what is selected, as far as one run goes: some thousand deliveries. Each is replayed once in a sequence of
     * runs that go on from each other, though it dies again meanwhile. Blocks until it is on disk; not for the thread of
     * the inbox's futures.
     *
     * @param from {@link Replayed#next} of the run before
     * @throws StorageException where it could not be written; what was written before stays
     * @throws IllegalArgumentException where {@code from} is no such text
     */
    public Replayed run(ReplaySelection selection, Definition.Lookup definitions, Optional<String> from) {
        KnownAutomations known = new KnownAutomations(queries, definitions);
        Run run = selection.kind() == ReplaySelection.Kind.MISSED
                ? new Missed(selection, known)
                : new Again(selection, known);
        ReplaySpan span = from.map(Replays::span).orElseGet(run::all);
        long done = 0;
        for (int batch = 0; batch < BATCHES_OF_A_RUN; batch++) {
            Step step = run.next(span);
            done += step.deliveries();
            if (step.after().isEmpty()) {
                return new Replayed(done, Optional.empty());
            }
            span = span.from(step.after().get());
        }
        return new Replayed(done, Optional.of(span.toString()));
    }

    private static ReplaySpan span(String text) {
        return ReplaySpan.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("Not where a replay goes on: " + text));
    }

    /** @param after the last row gone through; empty where none is left */
    private record Step(long deliveries, Optional<Long> after) {}

    private interface Run {
        ReplaySpan all();

        Step next(ReplaySpan span);
    }

    private final class Again implements Run {
        private final ReplaySelection selection;
        private final KnownAutomations known;

        Again(ReplaySelection selection, KnownAutomations known) {
            this.selection = selection;
            this.known = known;
        }

        @Override
        public ReplaySpan all() {
            return queries.deliveries();
        }

        @Override
        public Step next(ReplaySpan span) {
            List<ReplayQueries.Candidate> page = queries.candidates(selection, span, BATCH);
            List<ReplayQueries.Candidate> possible =
                    page.stream().filter(c -> !known.isGone(c.automation())).toList();
            long done = write(new Due(possible, selection.kind() == ReplaySelection.Kind.DEAD));
            if (page.size() == BATCH) {
                return new Step(done, Optional.of(page.get(BATCH - 1).seq()));
            }
            return new Step(done + makeMissing(), Optional.empty());
        }

        private long makeMissing() {
            if (selection.kind() != ReplaySelection.Kind.EVENT) {
                return 0;
            }
            return selection
                    .automation()
                    .filter(automation -> !known.isGone(automation))
                    .map(automation -> selection
                            .id()
                            .flatMap(event -> queries.missing(automation, event))
                            .filter(event -> known.wants(automation, event.source(), event.type()))
                            .map(event -> write(new Made(automation, List.of(event.id()))))
                            .orElse(0L))
                    .orElse(0L);
        }
    }

    private final class Missed implements Run {
        private final String automation;
        private final Instant since;
        private final KnownAutomations known;

        Missed(ReplaySelection selection, KnownAutomations known) {
            this.automation = selection.automation().orElseThrow();
            this.since = selection.since().orElseThrow();
            this.known = known;
        }

        @Override
        public ReplaySpan all() {
            return queries.events(since);
        }

        @Override
        public Step next(ReplaySpan span) {
            List<ReplayQueries.Missing> page = queries.missing(automation, since, span, BATCH);
            long done = write(new Made(
                    automation,
                    page.stream()
                            .filter(event -> !event.purged() && known.wants(automation, event.source(), event.type()))
                            .map(ReplayQueries.Missing::id)
                            .toList()));
            return new Step(
                    done,
                    page.size() < BATCH
                            ? Optional.empty()
                            : Optional.of(page.get(BATCH - 1).seq()));
        }
    }

    private long write(Batch batch) {
        if (batch.isEmpty()) {
            return 0;
        }
        try {
            return writer.submit(batch).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Deliveries that become due in one commit. */
    private abstract class Batch implements InboxWriter.Write<Long> {
        final Set<String> automations = new TreeSet<>();

        abstract boolean isEmpty();

        abstract long write(WriteSession session) throws SQLException;

        @Override
        public Long apply(WriteSession session) throws SQLException {
            automations.clear();
            long written = write(session);
            for (String automation : automations) {
                session.announce(automation);
            }
            return written;
        }

        @Override
        public void committed(Long written) {
            automations.forEach(runners.get()::waiting);
        }
    }

    /** Deliveries that are there. What a claim or another replay has changed meanwhile is left alone. */
    private final class Due extends Batch {
        private static final String AGAIN = """
                UPDATE delivery SET state = 'pending', failures = 0, due_at = ?, updated_at = ?, manual = 1, order_key = NULL,
                  generation = generation + CASE state WHEN 'succeeded' THEN 1 ELSE 0 END
                WHERE id = ? AND EXISTS (SELECT 1 FROM event WHERE event.id = delivery.event_id AND event.body IS NOT NULL)""";

        private final List<ReplayQueries.Candidate> deliveries;
        private final String sql;

        Due(List<ReplayQueries.Candidate> deliveries, boolean onlyDead) {
            this.deliveries = deliveries;
            this.sql = AGAIN + (onlyDead ? " AND state = 'dead'" : " AND state <> 'running'");
        }

        @Override
        boolean isEmpty() {
            return deliveries.isEmpty();
        }

        @Override
        long write(WriteSession session) throws SQLException {
            PreparedStatement update = session.prepare(sql);
            long written = 0;
            for (ReplayQueries.Candidate delivery : deliveries) {
                Columns.setTime(update, 1, session.now());
                Columns.setTime(update, 2, session.now());
                update.setString(3, delivery.id());
                if (update.executeUpdate() == 1) {
                    automations.add(delivery.automation());
                    written++;
                }
            }
            return written;
        }
    }

    /** Deliveries of events that the automation has none for. */
    private final class Made extends Batch {
        private final String automation;
        private final List<String> events;

        Made(String automation, List<String> events) {
            this.automation = automation;
            this.events = events;
        }

        @Override
        boolean isEmpty() {
            return events.isEmpty();
        }

        @Override
        long write(WriteSession session) throws SQLException {
            PreparedStatement insert = session.prepare("""
                    INSERT INTO delivery (id, event_id, automation, state, attempts, due_at, updated_at, manual)
                    SELECT ?, id, ?, 'pending', 0, ?, ?, 1 FROM event WHERE id = ? AND body IS NOT NULL
                    ON CONFLICT (event_id, automation) DO NOTHING""");
            long written = 0;
            for (String event : events) {
                insert.setString(1, ids.next("dlv_"));
                insert.setString(2, automation);
                Columns.setTime(insert, 3, session.now());
                Columns.setTime(insert, 4, session.now());
                insert.setString(5, event);
                written += insert.executeUpdate();
            }
            if (written > 0) {
                automations.add(automation);
            }
            return written;
        }
    }
}

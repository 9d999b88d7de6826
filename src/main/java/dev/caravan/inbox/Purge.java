package dev.caravan.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Removes what need not be kept any longer. It looks for it beside the writer, and writes in batches that are short and
 * far enough apart that what arrives meanwhile hardly waits. Several nodes may purge one database at once: each batch
 * looks again whether its events are still there and still to go. Thread-safe.
 */
public final class Purge {
    /** Events that are looked at in one query. */
    private static final int PAGE = 500;

    /** Events that one commit purges. */
    static final int BATCH = 50;

    /** Keys that one commit removes, of each kind. */
    private static final int KEYS = 500;

    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Pauses are so many times as long as the commits between them. */
    private static final int PAUSE_FACTOR = 3;

    private static final String OLD = """
            SELECT e.id, e.seq, e.received_at, d.state, d.updated_at
            FROM (SELECT id, seq, received_at FROM event
                  WHERE purged = 0 AND received_at < ? AND (received_at, seq) > (?, ?)
                  ORDER BY received_at, seq LIMIT ?) e
            LEFT JOIN delivery d ON d.event_id = e.id
            ORDER BY e.received_at, e.seq""";

    private final InboxWriter writer;
    private final InboxReader reader;
    private final Clock clock;

    Purge(InboxWriter writer, InboxReader reader, Clock clock) {
        this.writer = writer;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * Removes all that is due now. Blocks, for minutes where much is due.
     *
     * @throws StorageException where the inbox cannot be read or written; what was done so far stays done
     * @throws InterruptedException where the thread is interrupted; what was done so far stays done
     */
    public Purged run(RetentionSettings settings) throws InterruptedException {
        return payloads(settings).plus(keys(settings));
    }

    private Purged payloads(RetentionSettings settings) throws InterruptedException {
        Purged all = Purged.NOTHING;
        if (settings.shortest().isEmpty()) {
            return all;
        }
        Instant now = clock.instant();
        Instant before = now.minus(settings.shortest().get());
        Optional<Old> last = Optional.empty();
        do {
            List<Old> page = uninterrupted(before, last);
            last = page.size() < PAGE ? Optional.empty() : Optional.of(page.get(page.size() - 1));
            List<Old> due =
                    page.stream().filter(event -> event.isDue(settings, now)).toList();
            for (int from = 0; from < due.size(); from += BATCH) {
                List<Old> batch = due.subList(from, Math.min(due.size(), from + BATCH));
                all = all.plus(write(new PurgeEvents(batch, settings)));
            }
        } while (last.isPresent());
        return all;
    }

    private Purged keys(RetentionSettings settings) throws InterruptedException {
        Purged all = Purged.NOTHING;
        if (settings.keys().isPresent()) {
            Instant before = clock.instant().minus(settings.keys().get());
            Purged some;
            do {
                some = write(session -> new Purged(0, 0, KeyPurge.remove(session, before, KEYS)));
                all = all.plus(some);
            } while (some.keys() > 0);
        }
        return all;
    }

    private Purged write(InboxWriter.Write<Purged> write) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("The purge was interrupted between two batches");
        }
        long start = System.nanoTime();
        CompletableFuture<Purged> written = writer.submit(write);
        Purged done = Inbox.join(written);
        long pause = PAUSE_FACTOR * (System.nanoTime() - start);
        TimeUnit.NANOSECONDS.sleep(Math.min(LONGEST_PAUSE_NANOS, Math.max(SHORTEST_PAUSE_NANOS, pause)));
        return done;
    }

    /** An event that is old enough to be looked at. */
    record Old(String id, long seq, Instant receivedAt, List<Standing> deliveries) {

        boolean isDue(RetentionSettings settings, Instant now) {
            return Standing.allPast(deliveries, receivedAt, settings, now);
        }
    }

    /** Since when a delivery has been in its state. */
    record Standing(DeliveryState state, Instant since) {

        static Standing of(String state, long since) {
            return new Standing(DeliveryState.ofLabel(state).orElseThrow(), Instant.ofEpochMilli(since));
        }

        /** Whether an event with these deliveries need not be kept. */
        static boolean allPast(List<Standing> deliveries, Instant receivedAt, RetentionSettings settings, Instant now) {
            return deliveries.isEmpty()
                    ? settings.isUnwantedPast(receivedAt, now)
                    : deliveries.stream().allMatch(d -> settings.isPast(d.state(), d.since(), now));
        }
    }

    /** A connection to read with is not given to a thread that is interrupted. */
    private List<Old> uninterrupted(Instant before, Optional<Old> after) throws InterruptedException {
        try {
            return page(before, after);
        } catch (StorageException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("The purge was interrupted as it looked for what is due");
            }
            throw e;
        }
    }

    private List<Old> page(Instant before, Optional<Old> after) {
        record Row(String id, long seq, long receivedAt, Optional<Standing> delivery) {}
        List<Row> rows = reader.query(
                OLD,
                row -> new Row(row.getString(1), row.getLong(2), row.getLong(3), standing(row)),
                before.toEpochMilli(),
                after.map(old -> old.receivedAt().toEpochMilli()).orElse(Long.MIN_VALUE),
                after.map(Old::seq).orElse(Long.MIN_VALUE),
                PAGE);
        Map<String, Old> events = new LinkedHashMap<>();
        for (Row row : rows) {
            Old event = events.computeIfAbsent(
                    row.id(), id -> new Old(id, row.seq(), Instant.ofEpochMilli(row.receivedAt()), new ArrayList<>()));
            row.delivery().ifPresent(event.deliveries()::add);
        }
        return List.copyOf(events.values());
    }

    private static Optional<Standing> standing(ResultSet row) throws SQLException {
        String state = row.getString(4);
        return state == null ? Optional.empty() : Optional.of(Standing.of(state, row.getLong(5)));
    }
}

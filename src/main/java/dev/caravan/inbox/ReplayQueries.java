package dev.caravan.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a replay reads. Thread-safe. */
final class ReplayQueries {
    /** How much earlier than its receipt an event's id may be dated: clocks differ, and are set back. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private static final String SELECTED = """
            FROM delivery d LEFT JOIN attempt a ON a.delivery_id = d.id
              AND a.number = (SELECT max(number) FROM attempt WHERE delivery_id = d.id)
            """;

    private final InboxReader reader;

    ReplayQueries(InboxReader reader) {
        this.reader = reader;
    }

    /** Deliveries alike in all that a plan tells of them. */
    record Group(String automation, DeliveryState state, boolean purged, Optional<String> step, long count) {}

    /** A step of any delivery in a group that is not run again. */
    record Finished(String automation, DeliveryState state, Optional<String> step, String key) {}

    /** A delivery that can be replayed as far as the inbox knows. */
    record Candidate(long seq, String id, String automation) {}

    /** An event for which an automation has no delivery. */
    record Missing(long seq, String id, String source, String type, boolean purged) {}

    private record Where(String sql, List<Object> values) {
        Object[] and(Object... more) {
            List<Object> all = new ArrayList<>(values);
            all.addAll(List.of(more));
            return all.toArray();
        }
    }

    private static Where where(ReplaySelection selection) {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        selection.id().ifPresent(id -> {
            conditions.add(selection.kind() == ReplaySelection.Kind.EVENT ? "d.event_id = ?" : "d.id = ?");
            values.add(id);
        });
        if (selection.kind() == ReplaySelection.Kind.DEAD) {
            conditions.add("d.state = 'dead'");
        }
        selection.automation().ifPresent(automation -> {
            conditions.add("d.automation = ?");
            values.add(automation);
        });
        selection.since().ifPresent(since -> {
            conditions.add("d.updated_at >= ?");
            values.add(since.toEpochMilli());
        });
        return new Where(String.join(" AND ", conditions), values);
    }

    List<Group> groups(ReplaySelection selection) {
        Where where = where(selection);
        String sql = """
                SELECT automation, state, purged, step, count(*) FROM (
                  SELECT d.automation AS automation, d.state AS state, a.step AS step,
                    CASE WHEN d.event_id IN (SELECT id FROM event WHERE body IS NULL) THEN 1 ELSE 0 END AS purged
                  %s WHERE %s) AS selected
                GROUP BY automation, state, purged, step ORDER BY automation, state, purged, step""".formatted(SELECTED, where.sql());
        return reader.query(
                sql,
                row -> new Group(
                        row.getString(1),
                        DeliveryState.ofLabel(row.getString(2)).orElseThrow(),
                        row.getInt(3) == 1,
                        Optional.ofNullable(row.getString(4)),
                        row.getLong(5)),
                where.and());
    }

    List<Finished> finished(ReplaySelection selection) {
        Where where = where(selection);
        String sql = "SELECT DISTINCT d.automation, d.state, a.step, s.key " + SELECTED
                + "JOIN step s ON s.delivery_id = d.id AND s.kind IN ('finished', 'failed') WHERE " + where.sql();
        return reader.query(
                sql,
                row -> new Finished(
                        row.getString(1),
                        DeliveryState.ofLabel(row.getString(2)).orElseThrow(),
                        Optional.ofNullable(row.getString(3)),
                        row.getString(4)),
                where.and());
    }

    /** Deliveries that can be replayed, in the order in which they were made. */
    List<Candidate> candidates(ReplaySelection selection, ReplaySpan span, int limit) {
        Where where = where(selection);
        String sql = "SELECT d.seq, d.id, d.automation FROM delivery d JOIN event e ON e.id = d.event_id WHERE "
                + where.sql()
                + " AND d.state <> 'running' AND e.body IS NOT NULL AND d.seq > ? AND d.seq <= ? ORDER BY d.seq LIMIT ?";
        return reader.query(
                sql,
                row -> new Candidate(row.getLong(1), row.getString(2), row.getString(3)),
                where.and(span.after(), span.until(), limit));
    }

    /** Events for which the automation has no delivery, in order of arrival; without those whose deliveries are purged. */
    List<Missing> missing(String automation, Instant since, ReplaySpan span, int limit) {
        String sql = """
                SELECT e.seq, e.id, e.source, e.type, CASE WHEN e.body IS NULL THEN 1 ELSE 0 END FROM event e
                WHERE e.seq > ? AND e.seq <= ? AND e.received_at >= ? AND e.purged = 0
                  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id AND d.automation = ?)
                ORDER BY e.seq LIMIT ?""";
        return reader.query(
                sql, ReplayQueries::missing, span.after(), span.until(), since.toEpochMilli(), automation, limit);
    }

    /** The event where the automation has no delivery for it. */
    Optional<Missing> missing(String automation, String eventId) {
        String sql = """
                SELECT e.seq, e.id, e.source, e.type, CASE WHEN e.body IS NULL THEN 1 ELSE 0 END FROM event e
                WHERE e.id = ? AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id AND d.automation = ?)""";
        return reader.query(sql, ReplayQueries::missing, eventId, automation).stream()
                .findFirst();
    }

    private static Missing missing(ResultSet row) throws SQLException {
        return new Missing(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getInt(5) == 1);
    }

    /** All deliveries there are now. */
    ReplaySpan deliveries() {
        return new ReplaySpan(0, last("SELECT max(seq) FROM delivery"));
    }

    /** The events there are now, without most of those received earlier. */
    ReplaySpan events(Instant since) {
        String bound = Ids.first("evt_", since.minus(CLOCKS_DIFFER));
        return new ReplaySpan(
                last("SELECT seq FROM event WHERE id < ? ORDER BY id DESC LIMIT 1", bound),
                last("SELECT max(seq) FROM event"));
    }

    private long last(String sql, Object... values) {
        return reader.query(sql, row -> row.getLong(1), values).stream()
                .findFirst()
                .orElse(0L);
    }

    /** What the automation is subscribed to, on each node that has it. */
    List<Subscription> subscriptions(String automation) {
        return reader.query(
                "SELECT automation, file, sources, events FROM subscription WHERE automation = ?",
                row -> new Subscription(
                        row.getString(1),
                        row.getString(2),
                        Columns.list(row.getString(3)),
                        Columns.list(row.getString(4))),
                automation);
    }
}

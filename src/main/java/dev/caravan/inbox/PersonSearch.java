package dev.caravan.inbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for a person's payloads among all that the inbox holds; beside the writer, a few rows at a time. */
final class PersonSearch {
    /** Rows of a query: each may hold a body of the largest size. */
    private static final int PAGE = 32;

    /** Events of one query for their deliveries. */
    private static final int CHUNK = 50;

    private static final String EVENTS = """
            SELECT seq, id, source, body FROM event
            WHERE seq > ? AND body IS NOT NULL AND (CAST(? AS TEXT) IS NULL OR source IN (?, 'caravan'))
            ORDER BY seq LIMIT ?""";

    private static final String REFUSED = """
            SELECT seq, id, source, uri, headers || later, body FROM quarantine
            WHERE seq > ? AND (CAST(? AS TEXT) IS NULL OR source = ?) ORDER BY seq LIMIT ?""";

    private static final String DELIVERIES = "SELECT state, count(*) FROM delivery WHERE event_id IN ("
            + String.join(", ", Collections.nCopies(CHUNK, "?")) + ") GROUP BY state";

    private final InboxReader reader;
    private final PersonalValue person;

    PersonSearch(InboxReader reader, PersonalValue person) {
        this.reader = reader;
        this.person = person;
    }

    /** The events whose payload is the person's. */
    List<String> events() {
        return all(
                EVENTS,
                row -> new Row(row.getLong(1), row.getString(2), person.isInEvent(row.getString(3), row.getBytes(4))));
    }

    /** The refused requests that are the person's. */
    List<String> refused() {
        return all(
                REFUSED,
                row -> new Row(
                        row.getLong(1),
                        row.getString(2),
                        person.isInRefused(row.getString(3), row.getString(4), row.getString(5), row.getBytes(6))));
    }

    private record Row(long seq, String id, boolean found) {}

    private List<String> all(String sql, InboxReader.RowReader<Row> read) {
        @Nullable String source = person.source().orElse(null);
        List<String> found = new ArrayList<>();
        long last = 0;
        List<Row> page;
        do {
            page = reader.query(sql, read, last, source, source, PAGE);
            for (Row row : page) {
                last = row.seq();
                if (row.found()) {
                    found.add(row.id());
                }
            }
        } while (page.size() == PAGE);
        return found;
    }

    /** What forgetting would remove. */
    ForgetCount count() {
        List<String> events = events();
        ForgetCount count = new ForgetCount(events.size(), 0, 0, refused().size(), 0);
        for (List<String> chunk : chunks(events, CHUNK)) {
            count = count.plus(deliveries(chunk));
        }
        return count;
    }

    private ForgetCount deliveries(List<String> events) {
        Object[] ids = new Object[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            ids[i] = events.get(Math.min(i, events.size() - 1));
        }
        return reader
                .query(
                        DELIVERIES,
                        row -> {
                            DeliveryState state =
                                    DeliveryState.ofLabel(row.getString(1)).orElseThrow();
                            long number = row.getLong(2);
                            boolean waits = state == DeliveryState.PENDING || state == DeliveryState.RETRYING;
                            return new ForgetCount(
                                    0, number, waits ? number : 0, 0, state == DeliveryState.RUNNING ? number : 0);
                        },
                        ids)
                .stream()
                .reduce(ForgetCount.NOTHING, ForgetCount::plus);
    }

    /** In lists of so many. */
    static List<List<String>> chunks(List<String> ids, int size) {
        List<List<String>> chunks = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += size) {
            chunks.add(ids.subList(from, Math.min(ids.size(), from + size)));
        }
        return chunks;
    }
}

package dev.caravan.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.settings.SystemSource;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Stores the events that Caravan itself has to tell, of the source {@link SystemSource#NAME}: as
 * other events are, with their own idempotency keys, fanned out to the automations that name that source. The events
 * of dead deliveries are stored by the settlement that makes them dead.
 *
 * <p>Thread-safe. Futures complete as those of {@link Inbox} do.
 */
public final class SystemEvents {
    /** One source is told to be rejecting at most once in each of these, counted from 1970. */
    public static final Duration REJECTING_EVERY = Duration.ofHours(1);

    private final InboxWriter writer;
    private final Function<List<Arrival>, StoreEvent> storing;

    SystemEvents(InboxWriter writer, Function<List<Arrival>, StoreEvent> storing) {
        this.writer = writer;
        this.storing = storing;
    }

    StoreEvent storing(Arrival arrival) {
        return storing.apply(List.of(arrival));
    }

    /** Tells {@code source.rejecting}; nothing where that was told of the source within the same hour. */
    public CompletableFuture<Boolean> rejecting(Rejections rejections) {
        return writer.submit(new Telling() {
            @Override
            void apply(WriteSession session, Instant now) throws SQLException {
                ObjectNode data = SystemEvent.data()
                        .put("source", rejections.source())
                        .put(
                                "since",
                                rejections
                                        .since()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString())
                        .put("reason", rejections.reason());
                ObjectNode refused = data.putObject("refused");
                rejections.counts().forEach((kind, count) -> refused.put(kind.label(), count));
                data.put("quarantined", quarantined(session, rejections.source()));
                long hour = now.toEpochMilli() / REJECTING_EVERY.toMillis();
                String occasion = rejections.source() + "/" + hour;
                if (!isTold(session, "source.rejecting/" + occasion)) {
                    tell(session, SystemEvent.of("source.rejecting", occasion, now, data));
                }
            }
        });
    }

    /**
     * Tells {@code automation.broken} for each breakage that is not known yet, whatever process of this inbox told it.
     *
     * @param mended which origins of earlier breakages are good again: broken once more, they are told once more
     */
    public CompletableFuture<Boolean> broken(Collection<Breakage> breakages, Predicate<String> mended) {
        List<Breakage> now = List.copyOf(breakages);
        return writer.submit(new Telling() {
            @Override
            void apply(WriteSession session, Instant at) throws SQLException {
                for (String known : BreakageTable.origins(session)) {
                    if (mended.test(known)) {
                        BreakageTable.mend(session, known);
                    }
                }
                for (Breakage breakage : now) {
                    OptionalInt times = BreakageTable.add(session, breakage.origin(), breakage.cause());
                    if (times.isPresent()) {
                        String occasion = breakage.origin() + "/" + times.getAsInt();
                        tell(session, SystemEvent.of("automation.broken", occasion, at, data(breakage)));
                    }
                }
            }
        });
    }

    private static ObjectNode data(Breakage breakage) {
        ObjectNode data = SystemEvent.data();
        breakage.automations().forEach(data.putArray("automations")::add);
        data.put("file", breakage.origin());
        if (breakage.line() > 0) {
            data.put("line", breakage.line());
        }
        return data.put("cause", breakage.cause()).put("last_good_version_runs", breakage.running());
    }

    private static boolean isTold(WriteSession session, String key) throws SQLException {
        PreparedStatement select = session.prepare("SELECT 1 FROM event WHERE source = ? AND idempotency_key = ?");
        select.setString(1, SystemSource.NAME);
        select.setString(2, key);
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    private static long quarantined(WriteSession session, String source) throws SQLException {
        PreparedStatement count = session.prepare("SELECT count(*) FROM quarantine WHERE source = ?");
        count.setString(1, source);
        try (ResultSet row = count.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** A write that may tell something. True where it did. */
    private abstract class Telling implements InboxWriter.Write<Boolean> {
        private final List<StoreEvent> told = new ArrayList<>();

        abstract void apply(WriteSession session, Instant now) throws SQLException;

        final void tell(WriteSession session, Arrival arrival) throws SQLException {
            StoreEvent store = storing(arrival);
            told.add(store);
            store.apply(session);
        }

        @Override
        public Boolean apply(WriteSession session) throws SQLException {
            told.clear();
            apply(session, session.now());
            return !told.isEmpty();
        }

        @Override
        public List<Claimed> claims() {
            return told.stream().flatMap(store -> store.claims().stream()).toList();
        }

        @Override
        public void committed(Boolean result) {
            told.forEach(store -> store.committed(List.of()));
        }

        @Override
        public void rolledBack() {
            told.forEach(StoreEvent::rolledBack);
        }
    }
}

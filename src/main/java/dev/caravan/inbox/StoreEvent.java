package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Stores what one request brought: each event with its deliveries, or, where the inbox has it already, a count on the
 * earlier one. Deliveries for which this node has room are stored as running.
 */
final class StoreEvent implements InboxWriter.Write<List<Stored>> {
    private final List<Arrival> arrivals;
    private final List<byte[]> digests;
    private final Subscriptions subscriptions;
    private final Runners runners;
    private final Ids ids;
    private final Membership membership;
    private final List<Claimed> claimed = new ArrayList<>();
    private final List<String> waiting = new ArrayList<>();

    StoreEvent(List<Arrival> arrivals, Subscriptions subscriptions, Runners runners, Ids ids, Membership membership) {
        this.arrivals = arrivals;
        this.digests = arrivals.stream().map(a -> Columns.sha256(a.body())).toList();
        this.subscriptions = subscriptions;
        this.runners = runners;
        this.ids = ids;
        this.membership = membership;
    }

    @Override
    public List<Stored> apply(WriteSession session) throws SQLException {
        List<Stored> stored = new ArrayList<>(arrivals.size());
        for (int i = 0; i < arrivals.size(); i++) {
            stored.add(store(session, arrivals.get(i), digests.get(i)));
        }
        return stored;
    }

    @Override
    public List<Claimed> claims() {
        return List.copyOf(claimed);
    }

    @Override
    public void committed(List<Stored> stored) {
        claimed.forEach(runners::run);
        waiting.forEach(runners::waiting);
    }

    @Override
    public void rolledBack() {
        claimed.forEach(c -> runners.cancel(c.automation()));
        claimed.clear();
        waiting.clear();
    }

    private Stored store(WriteSession session, Arrival arrival, byte[] digest) throws SQLException {
        Set<String> wanted = subscriptions.asOf(session).wanting(arrival.source(), arrival.type());
        String id = ids.next("evt_");
        if (!insert(session, id, arrival, digest, wanted.size())) {
            return countDuplicate(session, arrival, digest);
        }
        for (String automation : wanted) {
            fanOut(session, id, automation, arrival);
        }
        return new Stored(id, false);
    }

    private static boolean insert(WriteSession session, String id, Arrival arrival, byte[] digest, int wantedBy)
            throws SQLException {
        PreparedStatement insert = session.prepare("""
                INSERT INTO event (id, source, idempotency_key, type, event_time, received_at, headers, body, body_sha256, wanted_by)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                WHERE NOT EXISTS (SELECT 1 FROM event WHERE source = ? AND idempotency_key = ?)
                ON CONFLICT (source, idempotency_key) DO NOTHING""");
        insert.setString(1, id);
        insert.setString(2, arrival.source());
        insert.setString(3, Columns.key(arrival.idempotencyKey()));
        insert.setString(4, Columns.text(arrival.type()));
        Columns.setTime(insert, 5, arrival.time().orElse(null));
        Columns.setTime(insert, 6, arrival.receivedAt());
        insert.setString(7, Columns.json(arrival.headers()));
        insert.setBytes(8, arrival.body());
        insert.setBytes(9, digest);
        insert.setInt(10, wantedBy);
        insert.setString(11, arrival.source());
        insert.setString(12, Columns.digested(arrival.idempotencyKey()));
        return insert.executeUpdate() == 1;
    }

    private static Stored countDuplicate(WriteSession session, Arrival arrival, byte[] digest) throws SQLException {
        PreparedStatement find =
                session.prepare("SELECT id, body_sha256 FROM event WHERE source = ? AND idempotency_key IN (?, ?)");
        find.setString(1, arrival.source());
        find.setString(2, Columns.key(arrival.idempotencyKey()));
        find.setString(3, Columns.digested(arrival.idempotencyKey()));
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("The event that an arrival duplicates is not there");
            }
            String id = row.getString(1);
            boolean differs = !Arrays.equals(row.getBytes(2), digest);
            PreparedStatement count = session.prepare(
                    "UPDATE event SET duplicates = duplicates + 1, differing = differing + ? WHERE id = ?");
            count.setInt(1, differs ? 1 : 0);
            count.setString(2, id);
            count.executeUpdate();
            return new Stored(id, true);
        }
    }

    private void fanOut(WriteSession session, String eventId, String automation, Arrival arrival) throws SQLException {
        String deliveryId = ids.next("dlv_");
        String node = membership.id();
        boolean now = !subscriptions.isForAnother(node, automation, arrival.source(), arrival.type())
                && runners.reserve(automation);
        if (now) {
            claimed.add(new Claimed(deliveryId, automation, 1, 0, 0, event(eventId, arrival), node, true));
        } else {
            waiting.add(automation);
            session.announce(automation);
        }
        PreparedStatement insert = session.prepare("""
                INSERT INTO delivery (id, event_id, automation, state, attempts, due_at, started_at, updated_at, node)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        insert.setString(1, deliveryId);
        insert.setString(2, eventId);
        insert.setString(3, automation);
        insert.setString(4, (now ? DeliveryState.RUNNING : DeliveryState.PENDING).label());
        insert.setInt(5, now ? 1 : 0);
        Columns.setTime(insert, 6, session.databaseTime());
        Columns.setTime(insert, 7, now ? session.now() : null);
        Columns.setTime(insert, 8, session.now());
        insert.setString(9, now ? node : null);
        insert.executeUpdate();
    }

    private static Event event(String id, Arrival a) {
        return new Event(id, a.source(), a.type(), a.time(), a.idempotencyKey(), a.receivedAt(), a.headers(), a.body());
    }
}

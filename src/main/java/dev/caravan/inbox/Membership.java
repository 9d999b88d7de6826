package dev.caravan.inbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that share a database: it renews its lease a few times within each, and ends the runs of
 * nodes that let theirs go, so that their deliveries go to others. Thread-safe.
 *
 * <p>A lease ends by the database's clock, and only where this process has seen no renewal for half its length, so that
 * a clock that is set forward ends none. What was not renewed for twice its length is over whatever the clocks say.
 */
final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final int BEATS_A_LEASE = 5;

    private record Sighting(long beat, long sinceNanos) {}

    private final InboxWriter writer;
    private final Ids ids;
    private final String home;
    private final Duration lease;
    private final Runnable everyBeat;
    private final Map<String, Sighting> seen = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "inbox-lease");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Set<String> defined = Set.of();
    private volatile boolean definesAny;
    private volatile String id;
    private volatile long heldUntilNanos;
    private volatile Instant startedAt = Instant.EPOCH;
    private volatile int members = 1;

    /** {@code everyBeat} is called after each renewal. */
    Membership(InboxWriter writer, Ids ids, String home, Duration lease, Runnable everyBeat) {
        this.writer = writer;
        this.ids = ids;
        this.home = home;
        this.lease = lease;
        this.everyBeat = everyBeat;
        this.id = ids.next("nod_");
    }

    /** The id of this run. */
    String id() {
        return id;
    }

    String home() {
        return home;
    }

    /** Whether this process still has what it claimed under that id, by the monotonic clock. */
    boolean holds(String claimedBy) {
        return claimedBy.equals(id) && System.nanoTime() - heldUntilNanos < 0;
    }

    /** How many runs share the inbox, this one included, as of the last beat. */
    int members() {
        return members;
    }

    /** Enters this run and takes back what ended ones left. Returns how many deliveries that were. */
    int join(boolean shared) {
        long asked = System.nanoTime();
        int taken = writer.submit(session -> {
                    if (!shared) {
                        NodeTable.removeAll(session);
                    }
                    NodeTable.add(session, id, home, lease);
                    startedAt = session.now();
                    DeliveryTable.dueAfterClockWasSetBack(session);
                    return DeliveryTable.takeBack(session);
                })
                .join();
        heldUntilNanos = asked + (shared ? lease.toNanos() : Long.MAX_VALUE / 2);
        if (shared) {
            look();
        }
        long every = Math.max(1, lease.toMillis() / BEATS_A_LEASE);
        timer.scheduleWithFixedDelay(shared ? this::beat : everyBeat, every, every, TimeUnit.MILLISECONDS);
        return taken;
    }

    /** Says which automations this run has routes for; what its deployment no longer has a route for gets no events. */
    void define(Set<String> automations) {
        defined = Set.copyOf(automations);
        definesAny = true;
        dropDeleted();
    }

    private void dropDeleted() {
        writer.submit(new SubscriptionTable.Change(session -> {
                    NodeTable.define(session, id, defined);
                    return SubscriptionTable.dropDeleted(session, id, home, startedAt);
                }))
                .join();
    }

    private void beat() {
        try {
            renew();
            look();
            writer.submit(DeliveryTable::takeBack).join();
            if (definesAny
                    && !writer.submit(session -> SubscriptionTable.deleted(session, id, home, startedAt))
                            .join()
                            .isEmpty()) {
                dropDeleted();
            }
            everyBeat.run();
        } catch (RuntimeException e) {
            LOG.debug("The lease could not be renewed", e);
        }
    }

    private void renew() {
        long asked = System.nanoTime();
        if (writer.submit(session -> NodeTable.renew(session, id, lease)).join()) {
            heldUntilNanos = asked + lease.toNanos();
            return;
        }
        String lost = id;
        String next = ids.next("nod_");
        LOG.warn(
                "This node gave no sign of life for {} and was taken for dead: its deliveries run elsewhere. It goes on.",
                lease);
        writer.submit(new SubscriptionTable.Change(session -> {
                    NodeTable.add(session, next, home, lease);
                    SubscriptionTable.rename(session, lost, next);
                    if (definesAny) {
                        NodeTable.define(session, next, defined);
                    }
                    DeliveryTable.takeBack(session);
                    return true;
                }))
                .join();
        id = next;
        heldUntilNanos = asked + lease.toNanos();
    }

    private void look() {
        long now = System.nanoTime();
        List<NodeTable.Row> others =
                new ArrayList<>(writer.submit(NodeTable::all).join());
        others.removeIf(row -> row.id().equals(id));
        members = 1 + (int) others.stream().filter(row -> !row.expired()).count();
        boolean fewer =
                seen.keySet().retainAll(others.stream().map(NodeTable.Row::id).toList());
        if (fewer && definesAny) {
            dropDeleted();
        }
        for (NodeTable.Row row : others) {
            Sighting last = seen.get(row.id());
            if (last == null || last.beat() != row.beat()) {
                seen.put(row.id(), new Sighting(row.beat(), now));
            } else if (isOver(row, now - last.sinceNanos())) {
                end(row);
            }
        }
    }

    private boolean isOver(NodeTable.Row row, long silentNanos) {
        return silentNanos > 2 * lease.toNanos() || (row.expired() && silentNanos > lease.toNanos() / 2);
    }

    private void end(NodeTable.Row row) {
        int taken = writer.submit(session -> NodeTable.end(session, row) ? DeliveryTable.takeBack(session) : -1)
                .join();
        if (taken >= 0) {
            LOG.warn("Node {} gave no sign of life for {}: took over its {} deliveries.", row.id(), lease, taken);
            writer.submit(new SubscriptionTable.Change(session -> {
                        SubscriptionTable.dropReplaced(session);
                        return true;
                    }))
                    .join();
        }
    }

    /** Leaves: what this run still had is anyone's. */
    @Override
    public void close() {
        timer.shutdownNow();
        writer.submit(new SubscriptionTable.Change(session -> {
            NodeTable.remove(session, id);
            DeliveryTable.takeBack(session);
            SubscriptionTable.dropReplaced(session);
            return true;
        }));
    }
}

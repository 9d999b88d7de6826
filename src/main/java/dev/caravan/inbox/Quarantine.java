package dev.caravan.inbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The quarantine of an inbox, and when its sources' secrets matched. What is written here waits for the events that are
 * being stored, at most a second, and never the other way round.
 *
 * <p>Thread-safe. Futures complete on the writer's thread, as those of {@link Inbox} do.
 */
public final class Quarantine {
    private final InboxWriter writer;
    private final Ids ids;
    private final Function<List<Arrival>, StoreEvent> storing;
    private final LongAdder dropped = new LongAdder();
    private volatile QuarantineBounds bounds = QuarantineBounds.DEFAULT;

    Quarantine(InboxWriter writer, Ids ids, Function<List<Arrival>, StoreEvent> storing) {
        this.writer = writer;
        this.ids = ids;
        this.storing = storing;
    }

    /** What it may hold from now on. */
    public void bound(QuarantineBounds newBounds) {
        bounds = newBounds;
    }

    /** Keeps a refused request, unless so many wait to be kept that this one is counted as dropped. */
    public void offer(Refusal refusal) {
        Optional<CompletableFuture<Boolean>> waits =
                writer.offer(keeping(refusal), bytes(refusal), LaterWrites.Share.HALF);
        if (waits.isEmpty()) {
            dropped.increment();
        } else {
            waits.get().whenComplete((kept, failure) -> {
                if (failure != null) {
                    dropped.increment();
                }
            });
        }
    }

    /** Keeps a refused request; completes when it is on disk, or with {@link StorageException} where it is not. */
    public CompletableFuture<Boolean> keep(Refusal refusal) {
        return writer.offer(keeping(refusal), bytes(refusal), LaterWrites.Share.ALL)
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new StorageException("Too many refused requests wait to be kept in quarantine.")));
    }

    private InboxWriter.Write<Boolean> keeping(Refusal refusal) {
        byte[] digest = Columns.sha256(refusal.body());
        return session -> QuarantineTable.add(session, ids.next("qrt_"), refusal, digest, bounds);
    }

    private static long bytes(Refusal refusal) {
        return refusal.body().length + KeptRequest.bytes(refusal.headers().toString(), refusal.uri());
    }

    /** How many refused requests were not kept since this inbox was opened: too many waited, or the disk was full. */
    public long dropped() {
        return dropped.sum();
    }

    /**
     * A quarantined request that has become good.
     *
     * @param id its id in quarantine
     * @param arrivals the events that it brings
     */
    public record Admitted(String id, List<Arrival> arrivals) {}

    /**
     * Stores the events of quarantined requests in their order and takes the requests out of quarantine, all in one
     * commit. Empty for one that is no longer there, which stores nothing.
     */
    public CompletableFuture<List<Optional<List<Stored>>>> admit(List<Admitted> requests) {
        List<AdmitRequests.Item> items = requests.stream()
                .map(request -> new AdmitRequests.Item(request.id(), storing.apply(request.arrivals())))
                .toList();
        return always(new AdmitRequests(items));
    }

    /** Drops one; false where there is none of this id. */
    public CompletableFuture<Boolean> drop(String id) {
        return always(session -> QuarantineTable.drop(session, id));
    }

    /** Drops some of those that are older than the bound; completes with how many. */
    public CompletableFuture<Integer> dropAged() {
        return always(
                session -> QuarantineTable.dropOlderThan(session, session.now().minus(bounds.age())));
    }

    /** Records when a secret verified a request; not where too much waits to be written. */
    public void matched(String source, String secretDigest, Instant time) {
        writer.offer(session -> SecretMatchTable.put(session, source, secretDigest, time), 0, LaterWrites.Share.HALF);
    }

    private <T> CompletableFuture<T> always(InboxWriter.Write<T> write) {
        return writer.offer(write, 0, LaterWrites.Share.ALL)
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new StorageException("Too many writes to the quarantine wait; try again in a moment.")));
    }
}

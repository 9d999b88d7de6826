package dev.caravan.inbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of an inbox: a thread with a connection that commits whatever has queued as one transaction, one disk
 * sync each. A write that fails alone fails alone: the batch is rolled back and its writes are done one by one. A
 * connection that a fault has left without a transaction is replaced.
 *
 * <p>Thread-safe. Futures complete on the writer's thread, after the commit; what depends on them must not block.
 */
final class InboxWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InboxWriter.class);

    private static final int BATCH_LIMIT = 1_000;
    private static final long LAST_WRITES_MILLIS = 5_000;

    /** How long nothing is tried after a connection could not be made. */
    private static final long RECONNECT_NANOS = 200_000_000;

    /** How many of the later writes are committed together: between others, and where others have to wait for them. */
    private static final int LATER_LIMIT = 50;

    private static final int LATER_LIMIT_BETWEEN = 20;

    /** How long later writes wait at most while there are always others. */
    private static final long LATER_NANOS = 1_000_000_000;

    private static final String CONNECTION_LOST = "08006";

    /** A change to the database, done within a transaction that others share. */
    interface Write<T> {
        T apply(WriteSession session) throws SQLException;

        /** Whether it changes who gets events: such a write has a transaction of its own. */
        default boolean changesSubscriptions() {
            return false;
        }

        /** The deliveries that it has claimed for this node as it was last applied. */
        default List<Claimed> claims() {
            return List.of();
        }

        /** Called on the writer's thread when the change is on disk, before the future completes. */
        default void committed(T result) {}

        /** Called on the writer's thread when the change was undone; it may be applied again after. */
        default void rolledBack() {}
    }

    private final Database database;
    private final SteadyClock clock;
    private final CommitObserver observer;
    private final StorageFaults faults;

    /** Claimed in commits of which it is not known whether they were done: given back before anything else is written. */
    private final List<Claimed> doubtful = new ArrayList<>();

    private boolean committing;
    private long lostAt = System.nanoTime() - RECONNECT_NANOS;
    private @Nullable WriteSession session;
    private final LinkedBlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
    private final LaterWrites<Job<?>> later = new LaterWrites<>();
    private long laterAt = System.nanoTime();
    private final Thread thread = new Thread(this::run, "inbox-writer");
    private final Object gate = new Object();
    private boolean closed;

    InboxWriter(Database database, SteadyClock clock, CommitObserver observer) throws SQLException {
        this.database = database;
        this.clock = clock;
        this.observer = observer;
        this.faults = new StorageFaults(database.name());
        this.session = new WriteSession(database, clock);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Queues a write.
     *
     * @return completes when it is on disk; completes with {@link StorageException} where it could not be written, or
     *     where the writer is closed
     */
    <T> CompletableFuture<T> submit(Write<T> write) {
        Job<T> job = new Job<>(write);
        synchronized (gate) {
            if (!closed) {
                queue.add(job);
                return job.future;
            }
        }
        job.future.completeExceptionally(new StorageException("The inbox is closed."));
        return job.future;
    }

    /**
     * Queues a write that others go before, at most for a second; it has a commit of its own, with others like it.
     *
     * @param bytes of memory that it takes up meanwhile
     * @return like {@link #submit}; empty where too much waits already
     */
    <T> Optional<CompletableFuture<T>> offer(Write<T> write, long bytes, LaterWrites.Share share) {
        Job<T> job = new Job<>(write);
        synchronized (gate) {
            if (!closed) {
                if (!later.offer(job, bytes, share)) {
                    return Optional.empty();
                }
                queue.add(Job.LOOK);
                return Optional.of(job.future);
            }
        }
        job.future.completeExceptionally(new StorageException("The inbox is closed."));
        return Optional.of(job.future);
    }

    /** Writes what has queued, then stops; waits 5 s for that. */
    @Override
    public void close() {
        synchronized (gate) {
            if (!closed) {
                closed = true;
                queue.add(Job.END);
            }
        }
        try {
            thread.join(LAST_WRITES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("The disk does not answer: {} writes are left undone; the next start goes on.", queue.size());
        }
    }

    /** Whether it may still write. */
    boolean isRunning() {
        return thread.isAlive();
    }

    private void run() {
        List<Job<?>> batch = new ArrayList<>(BATCH_LIMIT);
        boolean open = true;
        while (open) {
            batch.clear();
            if (later.isEmpty()) {
                batch.add(take());
            }
            queue.drainTo(batch, BATCH_LIMIT - batch.size());
            open = !batch.remove(Job.END);
            batch.removeIf(job -> job == Job.LOOK);
            boolean idle = batch.isEmpty();
            writeInOrder(batch);
            if (idle || System.nanoTime() - laterAt > LATER_NANOS) {
                writeLater(idle ? LATER_LIMIT : LATER_LIMIT_BETWEEN);
            }
        }
        while (!later.isEmpty()) {
            writeLater(LATER_LIMIT);
        }
        disconnect();
    }

    private void writeLater(int most) {
        List<Job<?>> batch = new ArrayList<>(most);
        later.drainTo(batch, most);
        write(batch);
        laterAt = System.nanoTime();
    }

    /** As one transaction, but for those that must have their own. */
    private void writeInOrder(List<Job<?>> jobs) {
        int from = 0;
        for (int i = 0; i < jobs.size(); i++) {
            if (jobs.get(i).write.changesSubscriptions()) {
                write(jobs.subList(from, i));
                write(jobs.subList(i, i + 1));
                from = i + 1;
            }
        }
        write(jobs.subList(from, jobs.size()));
    }

    private void disconnect() {
        WriteSession left = session;
        session = null;
        if (left != null) {
            try {
                left.close();
            } catch (SQLException e) {
                LOG.warn("Closing the inbox database failed: {}", e.getMessage());
            }
        }
    }

    private Job<?> take() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                LOG.debug("The inbox writer ignores an interrupt; it ends when it is closed.");
            }
        }
    }

    private void write(List<Job<?>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        SQLException fault = tryTogether(batch);
        if (fault == null) {
            faults.ended();
            batch.forEach(Job::succeed);
            return;
        }
        boolean storage = database.isStorageFault(fault);
        if (storage) {
            faults.tell(fault);
            if (committing) {
                batch.forEach(job -> doubtful.addAll(job.write.claims()));
            }
        }
        rollBack(batch);
        if (batch.size() == 1 && !storage) {
            faults.tellOfOne(fault);
        }
        if (batch.size() == 1 || storage) {
            batch.forEach(job -> job.fail(fault));
            return;
        }
        for (Job<?> job : batch) {
            write(List.of(job));
        }
    }

    private @Nullable SQLException tryTogether(List<Job<?>> batch) {
        try {
            committing = false;
            WriteSession open = connected();
            long start = System.nanoTime();
            open.begin(batch.get(0).write.changesSubscriptions());
            for (Claimed claim : doubtful) {
                DeliveryTable.release(open, claim, open.now());
            }
            for (Job<?> job : batch) {
                job.apply(open);
            }
            observer.committing(batch.size());
            committing = true;
            open.connection().commit();
            doubtful.clear();
            observer.committed(batch.size(), Duration.ofNanos(System.nanoTime() - start));
            return null;
        } catch (SQLException e) {
            return e;
        } catch (RuntimeException | Error e) {
            return new SQLException("A write failed: " + e, e);
        }
    }

    private WriteSession connected() throws SQLException {
        WriteSession open = session;
        if (open == null) {
            if (System.nanoTime() - lostAt < RECONNECT_NANOS) {
                throw new SQLException("The connection is lost", CONNECTION_LOST);
            }
            try {
                open = new WriteSession(database, clock);
            } catch (SQLException e) {
                lostAt = System.nanoTime();
                throw e;
            }
            session = open;
        }
        return open;
    }

    /** SQLite ends a transaction by itself when the disk is full: its driver then cannot begin another. */
    private void rollBack(List<Job<?>> batch) {
        WriteSession open = session;
        if (open != null) {
            try {
                open.rollBack();
            } catch (SQLException e) {
                LOG.debug("The inbox database is opened again, since its transaction is over: {}", e.getMessage());
                disconnect();
            }
        }
        batch.forEach(Job::undo);
    }

    private static final class Job<T> {
        static final Job<Boolean> END = new Job<>(session -> true);

        /** Wakes the writer for a later write. */
        static final Job<Boolean> LOOK = new Job<>(session -> true);

        final Write<T> write;
        final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable T result;
        private boolean applied;

        Job(Write<T> write) {
            this.write = write;
        }

        void apply(WriteSession session) throws SQLException {
            applied = true;
            result = write.apply(session);
        }

        void undo() {
            if (applied) {
                applied = false;
                tell(write::rolledBack);
            }
        }

        @SuppressWarnings("NullAway") // apply has set the result
        void succeed() {
            tell(() -> write.committed(result));
            future.complete(result);
        }

        /** A listener that fails, if only for want of memory or threads, must not end the writer. */
        private static void tell(Runnable listener) {
            try {
                listener.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A listener to an inbox commit failed", e);
            }
        }

        void fail(SQLException cause) {
            future.completeExceptionally(
                    new StorageException("The inbox could not be written: " + cause.getMessage(), cause));
        }
    }
}

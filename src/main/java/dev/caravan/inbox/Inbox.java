package dev.caravan.inbox;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbox of a running node: what every other stage writes through. One process at a time has a data directory.
 *
 * <p>Thread-safe. Every returned future completes on the writer's thread once the write is on disk, or with
 * {@link StorageException}; what depends on it must not block.
 */
public final class Inbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration QUARANTINE_AGE = Duration.ofDays(30);
    private static final QuarantineTable.Bounds QUARANTINE = new QuarantineTable.Bounds(10_000, 256L << 20);

    private final Clock clock;
    private final Ids ids;
    private final DirectoryLock lock;
    private final InboxWriter writer;
    private final InboxReader reader;
    private final Subscriptions subscriptions = new Subscriptions();
    private volatile Runners runners = Runners.NONE;

    private Inbox(Clock clock, DirectoryLock lock, InboxWriter writer, InboxReader reader) {
        this.clock = clock;
        this.ids = new Ids(clock, RandomGenerator.of("L64X128MixRandom"));
        this.lock = lock;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Opens the inbox in a data directory, making or upgrading its schema, and takes back every delivery that was
     * running when the last process ended.
     *
     * @throws StorageException where another process has the directory, it cannot be written, or its schema is newer
     */
    public static Inbox open(Path dataDirectory, Clock clock) {
        DirectoryLock lock = DirectoryLock.take(dataDirectory);
        SqliteFile file = new SqliteFile(databaseIn(dataDirectory));
        try {
            try (Connection connection = file.connect()) {
                Migrations.apply(connection);
            }
            Inbox inbox = new Inbox(clock, lock, new InboxWriter(file), new InboxReader(file));
            try {
                inbox.takeBack();
            } catch (RuntimeException e) {
                inbox.close();
                throw e;
            }
            return inbox;
        } catch (SQLException e) {
            lock.close();
            throw new StorageException("The inbox " + file.path() + " cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    static Path databaseIn(Path dataDirectory) {
        return dataDirectory.resolve("caravan.db");
    }

    private void takeBack() {
        Instant now = clock.instant();
        int taken = join(writer.submit(session -> DeliveryTable.takeBack(session, now)));
        if (taken > 0) {
            LOG.info("Took back {} deliveries that were running when the last process ended.", taken);
        }
        subscriptions.replaceAll(join(writer.submit(SubscriptionTable::all)));
        join(writer.submit(session -> {
            QuarantineTable.dropOlderThan(session, now.minus(QUARANTINE_AGE));
            return true;
        }));
    }

    /** Names who runs deliveries on this node from now on. */
    public void attach(Runners newRunners) {
        this.runners = newRunners;
    }

    public InboxReader reader() {
        return reader;
    }

    /** Stores what one request brought, all or nothing; one answer for each arrival, in their order. */
    public CompletableFuture<List<Stored>> store(List<Arrival> arrivals) {
        return writer.submit(new StoreEvent(arrivals, subscriptions, runners, ids));
    }

    /** Keeps a refused request in quarantine. */
    public CompletableFuture<Boolean> quarantine(Refusal refusal) {
        byte[] digest = Columns.sha256(refusal.body());
        return writer.submit(session -> QuarantineTable.add(session, ids.next("qrt_"), refusal, digest, QUARANTINE));
    }

    /** Claims up to {@code limit} deliveries of the automation that are due. */
    public CompletableFuture<Claims> claim(String automation, int limit) {
        return writer.submit(session -> DeliveryTable.claim(session, automation, limit, clock.instant()));
    }

    /**
     * Records how an attempt ended; false where the delivery no longer runs that attempt. The steps of a delivery that
     * succeeded are forgotten with it, so that a replay runs them anew.
     */
    public CompletableFuture<Boolean> settle(Settlement settlement) {
        return writer.submit(session -> {
            boolean settled = DeliveryTable.settle(session, settlement, clock.instant());
            if (settled && settlement.state() == DeliveryState.SUCCEEDED) {
                StepTable.drop(session, settlement.deliveryId());
            }
            return settled;
        });
    }

    /**
     * Records that a step of a running delivery is finished; false where the delivery no longer runs that attempt.
     *
     * @param key names the step within its delivery
     * @param state how it left the message, for {@link InboxReader#steps}
     */
    public CompletableFuture<Boolean> recordStep(Claimed claimed, String key, String state) {
        return writer.submit(session -> StepTable.record(session, claimed, key, state, clock.instant()));
    }

    /** Gives a claim back unused: the attempt does not count, and the delivery is due at the given time. */
    public CompletableFuture<Boolean> release(Claimed claimed, Instant dueAt) {
        return writer.submit(session -> DeliveryTable.release(session, claimed, dueAt, clock.instant()));
    }

    /**
     * Makes a delivery due now, with its whole retry schedule before it. A running one is left alone.
     *
     * @return the state it had, empty where there is no such delivery
     */
    public CompletableFuture<Optional<DeliveryState>> replay(String deliveryId) {
        return writer.submit(new Replay(deliveryId));
    }

    /** Subscribes an automation, or changes what it is subscribed to, for events that are stored after this. */
    public CompletableFuture<Boolean> subscribe(Subscription subscription) {
        return writer.submit(new InboxWriter.Write<>() {
            @Override
            public Boolean apply(WriteSession session) throws SQLException {
                return SubscriptionTable.put(session, subscription, clock.instant());
            }

            @Override
            public void committed(Boolean result) {
                subscriptions.put(subscription);
            }
        });
    }

    /** Ends an automation's subscription; its open deliveries stay. */
    public CompletableFuture<Boolean> unsubscribe(String automation) {
        return writer.submit(new InboxWriter.Write<>() {
            @Override
            public Boolean apply(WriteSession session) throws SQLException {
                return SubscriptionTable.remove(session, automation);
            }

            @Override
            public void committed(Boolean result) {
                subscriptions.remove(automation);
            }
        });
    }

    /** The subscriptions on disk. */
    public List<Subscription> subscriptions() {
        return join(writer.submit(SubscriptionTable::all));
    }

    /** Adds an idempotency key for a delivery; see {@link KeyAnswer}. */
    public CompletableFuture<KeyAnswer> addKey(String automation, String key, String deliveryId) {
        return writer.submit(session -> IdempotencyTable.add(session, automation, key, deliveryId, clock.instant()));
    }

    /** Whether an automation has used an idempotency key. */
    public CompletableFuture<Boolean> hasKey(String automation, String key) {
        return writer.submit(session -> IdempotencyTable.contains(session, automation, key));
    }

    /** Whether the inbox can write now, by writing. */
    public CompletableFuture<Boolean> probe() {
        return writer.submit(session -> {
            session.prepare("PRAGMA user_version = " + Migrations.CURRENT).execute();
            return true;
        });
    }

    /** The secret of this inbox for keyed digests, made on first use. */
    public byte[] digestKey() {
        return join(writer.submit(session -> SecretTable.getOrMake(session, "digest", new SecureRandom())));
    }

    /**
     * Writes what has queued and gives up the data directory. Where the disk hangs it waits 5 s and keeps the directory
     * until the process ends, since the write may still happen.
     */
    @Override
    public void close() {
        writer.close();
        reader.close();
        if (!writer.isRunning()) {
            lock.close();
        }
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private final class Replay implements InboxWriter.Write<Optional<DeliveryState>> {
        private final String deliveryId;
        private Optional<String> automation = Optional.empty();

        Replay(String deliveryId) {
            this.deliveryId = deliveryId;
        }

        @Override
        public Optional<DeliveryState> apply(WriteSession session) throws SQLException {
            automation = DeliveryTable.automationOf(session, deliveryId);
            return Optional.ofNullable(DeliveryTable.replay(session, deliveryId, clock.instant()))
                    .flatMap(DeliveryState::ofLabel);
        }

        @Override
        public void committed(Optional<DeliveryState> before) {
            automation.ifPresent(runners::waiting);
        }
    }
}

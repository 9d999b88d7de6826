package dev.caravan.inbox;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
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

    private static final int FORGOTTEN_AT_ONCE = 500;

    private final Database database;
    private final SteadyClock clock;
    private final Ids ids;
    private final Optional<DirectoryLock> lock;
    private final InboxWriter writer;
    private final Membership membership;
    private final AutoCloseable bells;
    private final InboxReader reader;
    private final Quarantine quarantine;
    private final Replays replays;
    private final Subscriptions subscriptions = new Subscriptions();
    private final SystemEvents systemEvents;
    private volatile Runners runners = Runners.NONE;

    private Inbox(
            Database database,
            InboxSettings settings,
            Clock clock,
            Optional<DirectoryLock> lock,
            CommitObserver observer)
            throws SQLException {
        this.database = database;
        this.clock = database.isShared() ? SteadyClock.told(clock) : new SteadyClock(clock);
        this.ids = new Ids(clock, RandomGenerator.of("L64X128MixRandom"));
        this.lock = lock;
        this.writer = new InboxWriter(database, this.clock, observer);
        this.reader = new InboxReader(database);
        this.membership = new Membership(writer, ids, settings.home(), settings.lease(), () -> runners.look());
        this.bells = database.listen(automation -> runners.waiting(automation));
        this.quarantine = new Quarantine(writer, ids, this::storing);
        this.systemEvents = new SystemEvents(writer, this::storing);
        this.replays = new Replays(writer, reader, ids, () -> runners);
    }

    /** Opens the SQLite inbox of a data directory; see {@link #open(InboxSettings, Clock, CommitObserver)}. */
    public static Inbox open(Path dataDirectory, Clock clock) {
        return open(InboxSettings.sqlite(dataDirectory), clock, CommitObserver.NONE);
    }

    /**
     * Opens an inbox, making or upgrading its schema, and takes back the deliveries of processes that have ended.
     *
     * @throws StorageException where another process has the directory, it or the server cannot be used, or its schema
     *     is newer
     */
    public static Inbox open(InboxSettings settings, Clock clock, CommitObserver observer) {
        Database database = settings.database();
        Optional<DirectoryLock> lock = database.isShared()
                ? DirectoryLock.tryTake(settings.data())
                : Optional.of(DirectoryLock.take(settings.data()));
        try {
            try (Connection connection = database.connect()) {
                Migrations.apply(database, connection);
            }
            Inbox inbox = new Inbox(database, settings, clock, lock, observer);
            try {
                inbox.takeBack();
            } catch (RuntimeException e) {
                inbox.close();
                throw e;
            }
            return inbox;
        } catch (SQLException e) {
            lock.ifPresent(DirectoryLock::close);
            throw new StorageException("The inbox " + database.name() + " cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            lock.ifPresent(DirectoryLock::close);
            throw e;
        }
    }

    private void takeBack() {
        int taken = join(() -> membership.join(database.isShared()));
        if (taken > 0) {
            LOG.info("Took back {} deliveries that were running when their node ended.", taken);
        }
        join(writer.submit(session -> {
            QuarantineTable.recount(session);
            return true;
        }));
    }

    /**
     * The time by which deliveries are due: of all processes on this database, and never going back while this one
     * runs. Thread-safe.
     */
    public Clock clock() {
        return clock;
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
        return writer.submit(storing(arrivals));
    }

    /** Where Caravan's own events are stored. */
    public SystemEvents systemEvents() {
        return systemEvents;
    }

    private StoreEvent storing(List<Arrival> arrivals) {
        return new StoreEvent(arrivals, subscriptions, runners, ids, membership);
    }

    /** The requests that became no event. */
    public Quarantine quarantine() {
        return quarantine;
    }

    /** Claims up to {@code limit} deliveries of the automation that are due. */
    public CompletableFuture<Claims> claim(String automation, int limit) {
        return writer.submit(new Claim(automation, limit, false, subscriptions, membership));
    }

    /**
     * The same where deliveries have an order, which {@link #order} has told: of each value one at a time, in the order
     * of arrival. None that arrived after one whose value is not known is claimed.
     */
    public CompletableFuture<Claims> claimInOrder(String automation, int limit) {
        return writer.submit(new Claim(automation, limit, true, subscriptions, membership));
    }

    /**
     * Tells the value by which each delivery of an automation is ordered, where it has none; false where another node does
     * so right now.
     */
    public CompletableFuture<Boolean> order(String automation, Map<String, String> valueByDelivery) {
        return writer.submit(session -> OrderTable.put(session, automation, valueByDelivery));
    }

    /**
     * Forgets the values of some of an automation's open deliveries, since what they are ordered by may be another now;
     * true once none is left.
     */
    public CompletableFuture<Boolean> forgetOrder(String automation) {
        return writer.submit(session -> OrderTable.clear(session, automation, FORGOTTEN_AT_ONCE));
    }

    /** How many nodes share the inbox, this one included; known with a delay of some seconds. */
    public int nodes() {
        return membership.members();
    }

    /** Whether this node still has a delivery that it claimed: it may have been taken for dead. Never blocks. */
    public boolean holds(Claimed claimed) {
        return membership.holds(claimed.node());
    }

    /**
     * Tells which automations this node has routes for, once it has read them all and after each change; what no node of
     * its deployment has a route for gets no events any more.
     */
    public void define(Set<String> automations) {
        join(() -> {
            membership.define(automations);
            return true;
        });
    }

    /**
     * Records how an attempt ended; false where the delivery no longer runs that attempt. The steps of a delivery that
     * succeeded are forgotten with it, so that a replay runs them anew; a dead one is told by a system event.
     */
    public CompletableFuture<Boolean> settle(Settlement settlement) {
        return writer.submit(new Settle(settlement, systemEvents));
    }

    /** Records what is known of a step of a running delivery; false where the delivery no longer runs that attempt. */
    public CompletableFuture<Boolean> recordStep(Claimed claimed, StepRecord record) {
        return writer.submit(session -> StepTable.record(session, claimed, record));
    }

    /** Gives a claim back unused: the attempt does not count, and the delivery is due at the given time. */
    public CompletableFuture<Boolean> release(Claimed claimed, Instant dueAt) {
        return writer.submit(session -> DeliveryTable.release(session, claimed, dueAt));
    }

    /** What makes deliveries run again. */
    public Replays replays() {
        return replays;
    }

    /** Subscribes an automation, or changes what it is subscribed to, for events that are stored after this. */
    public CompletableFuture<Boolean> subscribe(Subscription subscription) {
        return writer.submit(new SubscriptionTable.Change(
                session -> SubscriptionTable.put(session, subscription, membership.id(), membership.home())));
    }

    /** Ends an automation's subscription; its open deliveries stay. */
    public CompletableFuture<Boolean> unsubscribe(String automation) {
        return writer.submit(new SubscriptionTable.Change(
                session -> SubscriptionTable.remove(session, automation, membership.id())));
    }

    /** The subscriptions on disk. */
    public List<Subscription> subscriptions() {
        return join(writer.submit(SubscriptionTable::all)).stream()
                .map(SubscriptionTable.Row::subscription)
                .toList();
    }

    /** Adds an idempotency key for a delivery; see {@link KeyAnswer}. */
    public CompletableFuture<KeyAnswer> addKey(String automation, String key, String deliveryId) {
        return writer.submit(session -> IdempotencyTable.add(session, automation, Columns.key(key), deliveryId));
    }

    /** Whether an automation has used an idempotency key. */
    public CompletableFuture<Boolean> hasKey(String automation, String key) {
        return writer.submit(session -> IdempotencyTable.contains(session, automation, Columns.key(key)));
    }

    /** Removes what need not be kept any longer. */
    public Purge purge() {
        return new Purge(writer, reader, clock);
    }

    /** Removes one person's payloads. */
    public Forget forget() {
        return new Forget(database, writer, reader);
    }

    /** Whether the inbox can write now, by writing. */
    public CompletableFuture<Boolean> probe() {
        return writer.submit(session -> {
            session.prepare("UPDATE inbox_state SET subscriptions = subscriptions")
                    .executeUpdate();
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
        closeQuietly(bells);
        membership.close();
        writer.close();
        reader.close();
        if (!writer.isRunning()) {
            lock.ifPresent(DirectoryLock::close);
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.debug("Closing a part of the inbox failed", e);
        }
    }

    /** The result, or the {@link StorageException} that it failed with. */
    static <T> T join(CompletableFuture<T> future) {
        return join(future::join);
    }

    private static <T> T join(Supplier<T> waiting) {
        try {
            return waiting.get();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException cause) {
                throw cause;
            }
            throw e;
        }
    }
}

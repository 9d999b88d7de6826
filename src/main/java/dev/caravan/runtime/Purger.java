package dev.caravan.runtime;

import dev.caravan.inbox.Purge;
import dev.caravan.inbox.Purged;
import dev.caravan.inbox.RetentionSettings;
import dev.caravan.inbox.StorageException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Purges the inbox shortly after the start and then every hour, on a thread of its own, until it is closed. */
final class Purger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Purger.class);
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofHours(1);
    private static final long LAST_BATCH_MILLIS = 5_000;

    private final Purge purge;
    private final RetentionSettings settings;
    private final Consumer<Purged> observer;
    private final Thread thread = new Thread(this::run, "purge");

    private final Duration first;
    private final Duration between;

    private Purger(
            Purge purge, RetentionSettings settings, Consumer<Purged> observer, Duration first, Duration between) {
        this.purge = purge;
        this.settings = settings;
        this.observer = observer;
        this.first = first;
        this.between = between;
    }

    /** {@code observer} is told of every purge, on its thread. */
    static Purger start(Purge purge, RetentionSettings settings, Consumer<Purged> observer) {
        return start(purge, settings, observer, FIRST, BETWEEN);
    }

    /** The same with other waits: before the first purge, and after each. */
    static Purger start(
            Purge purge, RetentionSettings settings, Consumer<Purged> observer, Duration first, Duration between) {
        Purger purger = new Purger(purge, settings, observer, first, between);
        purger.thread.setDaemon(true);
        purger.thread.start();
        return purger;
    }

    private void run() {
        try {
            Thread.sleep(first.toMillis());
            while (true) {
                once();
                Thread.sleep(between.toMillis());
            }
        } catch (InterruptedException e) {
            LOG.debug("The purge ends: {}", e.getMessage());
        }
    }

    private void once() throws InterruptedException {
        try {
            Purged purged = purge.run(settings);
            observer.accept(purged);
            if (!purged.isNothing()) {
                LOG.info(
                        "Purged the payloads of {} events with {} deliveries, and {} idempotency keys.",
                        purged.events(),
                        purged.deliveries(),
                        purged.keys());
            }
        } catch (StorageException e) {
            LOG.warn("The purge did not come to its end; the next goes on: {}", e.getMessage());
        }
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /** Ends after the batch that is being written. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LAST_BATCH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

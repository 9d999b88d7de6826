package dev.caravan.runtime;

import dev.caravan.inbox.Quarantine;
import dev.caravan.inbox.StorageException;
import dev.caravan.receive.Admission;
import dev.caravan.settings.InvalidSettings;
import dev.caravan.settings.Settings;
import dev.caravan.source.CurrentSources;
import dev.caravan.source.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sources as {@code application.properties} and the secrets' files say, without a restart, and has what they
 * have in quarantine looked at when they change, and once at the start. What cannot be used changes nothing.
 *
 * <p>Has one daemon thread from {@link #start} to {@link #close}.
 */
final class SourceUpdates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceUpdates.class);
    private static final long LOOK_MILLIS = 400;
    private static final long CLOSE_SECONDS = 5;
    private static final Duration AGED_EVERY = Duration.ofMinutes(10);
    private static final Duration AGAIN_AFTER_FAULT = Duration.ofSeconds(10);

    /** A request whose body comes slowly is refused by the source that was there when it began, and kept after that. */
    private static final Duration ONCE_MORE = Duration.ofSeconds(6);

    private record Look(String source, long dueNanos) {}

    private final CurrentSources sources;
    private final Admission admission;
    private final Quarantine quarantine;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "caravan-sources");
        made.setDaemon(true);
        return made;
    });

    private final PriorityQueue<Look> looks = new PriorityQueue<>(Comparator.comparingLong(Look::dueNanos));
    private final SettingsFiles files;
    private Settings settings;
    private long agedAt = System.nanoTime() - AGED_EVERY.toNanos();

    SourceUpdates(Settings settings, CurrentSources sources, Admission admission, Quarantine quarantine) {
        this.settings = settings;
        this.sources = sources;
        this.admission = admission;
        this.quarantine = quarantine;
        this.files = new SettingsFiles(settings);
    }

    void start() {
        sources.all().forEach(source -> look(source.name(), Duration.ZERO));
        thread.scheduleWithFixedDelay(this::run, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Waits up to 5 s for what is being admitted; the rest is looked at again at the next start. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Quarantined requests are still being admitted; the next start goes on.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            if (files.haveSettled()) {
                reload();
            }
            admitDue();
            dropAged();
        } catch (RuntimeException e) {
            LOG.error("The sources could not be looked after.", e);
        }
    }

    private void reload() {
        Settings next = Settings.load(settings.directory());
        if (next.file().isEmpty()) {
            return;
        }
        NodeConfig config;
        try {
            config = NodeConfig.read(next);
        } catch (InvalidSettings e) {
            LOG.warn("The changed settings are not used, what was there stays: {}", String.join(" ", e.problems()));
            return;
        } finally {
            files.follow(next);
        }
        SourceChanges changes = SourceChanges.between(sources.all(), settings, config.sources(), next);
        settings = next;
        sources.replace(config.sources());
        if (!changes.isEmpty()) {
            LOG.info("The settings have changed. {}", changes);
        }
        changes.toLookAt().forEach(name -> {
            look(name, Duration.ZERO);
            look(name, ONCE_MORE);
        });
    }

    private void look(String source, Duration after) {
        looks.add(new Look(source, System.nanoTime() + after.toNanos()));
    }

    private void admitDue() {
        List<String> due = new ArrayList<>();
        while (!looks.isEmpty() && looks.peek().dueNanos() - System.nanoTime() <= 0) {
            due.add(looks.remove().source());
        }
        for (String name : due) {
            Source source = sources.get(name);
            if (source == null) {
                continue;
            }
            try {
                admission.admitAll(source);
            } catch (StorageException e) {
                LOG.warn("What source {} has in quarantine is looked at again later: {}", name, e.getMessage());
                look(name, AGAIN_AFTER_FAULT);
            }
        }
    }

    private void dropAged() {
        if (System.nanoTime() - agedAt < AGED_EVERY.toNanos()) {
            return;
        }
        agedAt = System.nanoTime();
        try {
            int gone = quarantine.dropAged().join();
            while (gone > 0) {
                gone = quarantine.dropAged().join();
            }
        } catch (CompletionException e) {
            LOG.debug("What is too old stays in quarantine for now: {}", e.getMessage());
        }
    }
}

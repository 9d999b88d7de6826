package dev.caravan.automation;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches {@code routes/} and {@code kamelets/} and hands settled changes to {@link Automations}. The operating
 * system's notice only makes it quicker: the directories are read every two seconds anyway, for file systems that send
 * none. A directory that cannot be read changes nothing.
 *
 * <p>Has one daemon thread from {@link #start} to {@link #close}.
 */
public final class RoutesWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoutesWatcher.class);
    private static final long SETTLING_MILLIS = 80;
    private static final long IDLE_MILLIS = 2_000;

    private final Automations automations;
    private final RouteDirectory routes;
    private final RouteDirectory kamelets;
    private final FileWatch routeWatch;
    private final FileWatch kameletWatch;
    private final WatchService notices;
    private final Thread thread;
    private boolean unreadable;

    /**
     * A watcher of one directory, not started yet.
     *
     * @param base DIR
     * @param automations started already: what it loaded is what changes are measured against
     * @throws IOException if the directories cannot be watched
     */
    public RoutesWatcher(Path base, Automations automations) throws IOException {
        this.automations = automations;
        this.routes = RouteDirectory.routes(base);
        this.kamelets = RouteDirectory.kamelets(base);
        this.routeWatch = new FileWatch(automations.texts(), RouteFileParser::isWellFormed);
        this.kameletWatch = new FileWatch(kamelets.read(), text -> !text.isBlank());
        this.notices = FileSystems.getDefault().newWatchService();
        this.thread = new Thread(this::run, "caravan-routes-watcher");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Returns when the thread has ended; a reload that is under way is finished first. */
    @Override
    public void close() throws IOException {
        notices.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                register(routes.path());
                register(kamelets.path());
                readBoth();
                await();
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("Route files are no longer watched.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await() throws InterruptedException {
        boolean settling = routeWatch.isSettling() || kameletWatch.isSettling();
        if (settling) {
            TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
        }
        WatchKey key = settling ? notices.poll() : notices.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = notices.poll();
        }
    }

    /** Does nothing where it is registered already; a directory made later, or made anew, is picked up here. */
    private void register(Path directory) {
        if (Files.isDirectory(directory)) {
            try {
                directory.register(
                        notices,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            } catch (IOException e) {
                LOG.debug("{} sends no notices; it is read every {} ms.", directory, IDLE_MILLIS);
            }
        }
    }

    private void readBoth() {
        try {
            Set<String> changedKamelets = kameletWatch.reading(kamelets.read()).keySet().stream()
                    .map(file -> file.substring(file.indexOf('/') + 1, file.length() - ".kamelet.yaml".length()))
                    .collect(Collectors.toSet());
            if (!changedKamelets.isEmpty()) {
                automations.kameletsChanged(changedKamelets);
            }
            Map<String, Optional<String>> changes = routeWatch.reading(routes.read());
            if (!changes.isEmpty()) {
                automations.apply(changes);
            }
            unreadable = false;
        } catch (IOException e) {
            if (!unreadable) {
                LOG.warn("{} cannot be read, what runs stays as it is: {}", routes.path(), e.toString());
            }
            unreadable = true;
        } catch (RuntimeException e) {
            LOG.error("A change of the route files could not be applied.", e);
        }
    }
}

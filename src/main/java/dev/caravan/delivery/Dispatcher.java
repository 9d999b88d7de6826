package dev.caravan.delivery;

import dev.caravan.inbox.Claimed;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Runners;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Gives deliveries to the automations of this node: a {@link Lane} each, so that one that hangs or fails leaves the
 * others their threads and their places. Thread-safe.
 */
public final class Dispatcher implements Runners, AutoCloseable {
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final ExecutorService workers = Executors.newCachedThreadPool(named("delivery"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("delivery-timer"));
    private final Inbox inbox;
    private final Clock clock;
    private final Duration grace;
    private final Consumer<Settled> observer;

    /**
     * Attaches itself to the inbox.
     *
     * @param grace how long closing waits for what is in flight
     * @param observer told of every attempt that was recorded, on the writer's thread
     */
    public Dispatcher(Inbox inbox, Duration grace, Consumer<Settled> observer) {
        this.inbox = inbox;
        this.clock = inbox.clock();
        this.grace = grace;
        this.observer = observer;
        timer.setRemoveOnCancelPolicy(true);
        inbox.attach(this);
    }

    /**
     * Begins to run the automation's deliveries. Another lane of the same automation must be closed first.
     *
     * @throws IllegalStateException where the automation has a lane
     */
    public Lane open(String automation, LaneOptions options, AttemptRunner runner) {
        Lane lane = new Lane(
                automation,
                options,
                runner,
                new Lane.Surroundings(inbox, clock, workers, timer, observer, time -> due(automation, time)));
        if (lanes.putIfAbsent(automation, lane) != null) {
            throw new IllegalStateException("The automation " + automation + " is running already");
        }
        lane.onClose(() -> lanes.remove(automation, lane));
        lane.start();
        return lane;
    }

    @Override
    public boolean reserve(String automation) {
        Lane lane = lanes.get(automation);
        return lane != null && lane.reserve();
    }

    @Override
    public void cancel(String automation) {
        Lane lane = lanes.get(automation);
        if (lane != null) {
            lane.cancelReservation();
        }
    }

    @Override
    public void run(Claimed claimed) {
        Lane lane = lanes.get(claimed.automation());
        if (lane != null) {
            lane.accept(claimed);
            return;
        }
        giveBack(claimed);
    }

    private void giveBack(Claimed claimed) {
        inbox.release(claimed, clock.instant()).whenComplete((released, failure) -> {
            if (failure == null) {
                waiting(claimed.automation());
            } else if (!timer.isShutdown()) {
                timer.schedule(() -> giveBack(claimed), retryStorageMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    @Override
    public void waiting(String automation) {
        due(automation, clock.instant());
    }

    @Override
    public void look() {
        lanes.keySet().forEach(this::waiting);
    }

    private void due(String automation, Instant time) {
        Lane lane = lanes.get(automation);
        if (lane != null) {
            lane.dueAt(time);
        }
    }

    /** Starts nothing more, waits for what is in flight, gives back the rest. */
    @Override
    public void close() {
        List<Lane> open = List.copyOf(lanes.values());
        open.forEach(Lane::pause);
        long deadline = System.nanoTime() + grace.toNanos();
        open.forEach(lane -> lane.awaitIdle(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        open.forEach(Lane::close);
        timer.shutdownNow();
        workers.shutdownNow();
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** How long an idle lane waits before it looks again after the inbox could not answer. */
    static long retryStorageMillis() {
        return TimeUnit.SECONDS.toMillis(1);
    }
}

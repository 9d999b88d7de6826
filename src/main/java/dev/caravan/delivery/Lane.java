package dev.caravan.delivery;

import dev.caravan.inbox.Claimed;
import dev.caravan.inbox.Claims;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Settlement;
import dev.caravan.inbox.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deliveries of one automation on this node: those that run, and a few that are claimed and run next. Thread-safe.
 *
 * <p>A new event takes a free place at once; while older deliveries wait on disk it queues behind them instead.
 */
public final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** However far off the next delivery is, a lane looks at the clock so often: it may be set or the machine sleep. */
    private static final long LONGEST_ALARM_MILLIS = TimeUnit.MINUTES.toMillis(1);

    /** How long a lane leaves what is due alone where it got none of it: another node is claiming it. */
    private static final long TAKEN_MILLIS = 100;

    /** {@code due} tells the lane that the automation then has, if any, that a delivery is due at a time. */
    record Surroundings(
            Inbox inbox,
            Clock clock,
            Executor workers,
            ScheduledExecutorService timer,
            Consumer<Settled> observer,
            Consumer<Instant> due) {}

    private final String automation;
    private final LaneOptions options;
    private final AttemptRunner runner;
    private final Surroundings around;
    private final Decisions decisions;
    private final DueDeliveries due;
    private final int places;

    private final Object lock = new Object();
    private final ArrayDeque<Claimed> next = new ArrayDeque<>();
    private final Set<Attempt> running = new HashSet<>();
    private int reserved;
    private boolean claiming;
    private boolean paused;
    private boolean closed;
    private @Nullable Instant nextDue;
    private @Nullable Future<?> alarm;
    private Runnable onClose = () -> {};

    Lane(String automation, LaneOptions options, AttemptRunner runner, Surroundings around) {
        this.automation = automation;
        this.options = options;
        this.runner = runner;
        this.around = around;
        this.decisions =
                new Decisions(options.retry(), around.clock(), options.orderBy().isPresent());
        this.due = new DueDeliveries(automation, options.orderBy(), around.inbox(), around.workers());
        this.places = options.concurrency() * 2;
    }

    void onClose(Runnable action) {
        onClose = action;
    }

    void start() {
        dueAt(around.clock().instant());
    }

    /** How many attempts run now. */
    public int inFlight() {
        synchronized (lock) {
            return running.size();
        }
    }

    boolean reserve() {
        synchronized (lock) {
            boolean behind = nextDue != null && !nextDue.isAfter(around.clock().instant());
            if (paused || behind || held() >= places || options.orderBy().isPresent()) {
                return false;
            }
            reserved++;
            return true;
        }
    }

    void cancelReservation() {
        synchronized (lock) {
            endReservation();
        }
        pump();
    }

    void accept(Claimed claimed) {
        boolean late;
        synchronized (lock) {
            endReservation();
            late = closed;
            if (!late) {
                next.add(claimed);
            }
        }
        if (late) {
            giveBack(claimed, around.clock().instant());
        } else {
            pump();
        }
    }

    /** Reservations made with a lane that has been replaced end with its successor, which never counted them. */
    private void endReservation() {
        reserved = Math.max(0, reserved - 1);
    }

    /** Tells that a delivery on disk is due at the given time. */
    void dueAt(Instant time) {
        synchronized (lock) {
            if (nextDue == null || time.isBefore(nextDue)) {
                nextDue = time;
            }
        }
        pump();
    }

    /** Starts no attempt until {@link #resume}; what runs goes on. */
    public void pause() {
        synchronized (lock) {
            paused = true;
        }
    }

    /** Undoes {@link #pause}. */
    public void resume() {
        synchronized (lock) {
            paused = closed;
        }
        pump();
    }

    /** Waits until nothing runs; false where something still does after the given time. */
    public boolean awaitIdle(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            while (!running.isEmpty()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    /** Starts nothing more and gives back what was claimed and not begun. What runs is not waited for. */
    @Override
    public void close() {
        List<Claimed> unbegun;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            paused = true;
            unbegun = new ArrayList<>(next);
            next.clear();
            if (alarm != null) {
                alarm.cancel(false);
            }
        }
        onClose.run();
        unbegun.forEach(claimed -> giveBack(claimed, around.clock().instant()));
    }

    private int held() {
        return reserved + next.size() + running.size();
    }

    /** Starts what may run, claims more where there is room, or sets the alarm for when something is due. */
    private void pump() {
        List<Attempt> starting = new ArrayList<>();
        int claim = 0;
        synchronized (lock) {
            if (paused) {
                return;
            }
            while (!next.isEmpty() && running.size() < options.concurrency()) {
                Attempt attempt = new Attempt(
                        next.remove(), around.clock().instant(), System.nanoTime(), around.inbox(), around.workers());
                running.add(attempt);
                starting.add(attempt);
            }
            if (!claiming && nextDue != null) {
                long wait = Duration.between(around.clock().instant(), nextDue).toMillis();
                if (wait > 0) {
                    setAlarm(wait);
                } else if (next.size() <= options.concurrency() / 2 && held() < places) {
                    claiming = true;
                    claim = places - held();
                }
            }
        }
        starting.forEach(this::begin);
        if (claim > 0) {
            due.claim(claim).whenComplete(this::claimed);
        }
    }

    private void setAlarm(long millis) {
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarm = around.timer().schedule(this::pump, Math.min(millis + 1, LONGEST_ALARM_MILLIS), TimeUnit.MILLISECONDS);
    }

    private void claimed(@Nullable Claims claims, @Nullable Throwable failure) {
        List<Claimed> late = List.of();
        synchronized (lock) {
            claiming = false;
            if (claims == null) {
                setAlarm(Dispatcher.retryStorageMillis());
                return;
            }
            nextDue = claims.nextDue().orElse(null);
            Instant soon = around.clock().instant().plusMillis(TAKEN_MILLIS);
            if (claims.claimed().isEmpty() && nextDue != null && nextDue.isBefore(soon)) {
                nextDue = soon;
            }
            if (closed) {
                late = claims.claimed();
            } else {
                next.addAll(claims.claimed());
            }
        }
        late.forEach(claimed -> giveBack(claimed, around.clock().instant()));
        pump();
    }

    private void begin(Attempt attempt) {
        Future<?> timeout = around.timer()
                .schedule(() -> timeOut(attempt), options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            around.workers().execute(() -> run(attempt, timeout));
        } catch (RejectedExecutionException e) {
            timeout.cancel(false);
            LOG.debug(
                    "The node is stopping; delivery {} is left for the next start.",
                    attempt.claimed().deliveryId());
        } catch (OutOfMemoryError e) {
            LOG.error(
                    "There is no thread for delivery {}; it comes again",
                    attempt.claimed().deliveryId(),
                    e);
            timeout.cancel(false);
            finish(
                    attempt,
                    new Outcome.Postponed(around.clock().instant().plusMillis(Dispatcher.retryStorageMillis())));
        }
    }

    private void run(Attempt attempt, Future<?> timeout) {
        Consumer<Outcome> done = outcome -> {
            timeout.cancel(false);
            finish(attempt, outcome);
        };
        attempt.runHere(() -> run(attempt, done));
    }

    private void run(Attempt attempt, Consumer<Outcome> done) {
        try {
            attempt.steps().load();
            Optional<Outcome> instead = insteadOf(attempt.claimed());
            if (instead.isPresent()) {
                done.accept(instead.get());
                return;
            }
        } catch (StorageException e) {
            done.accept(new Outcome.Postponed(around.clock().instant().plusMillis(Dispatcher.retryStorageMillis())));
            return;
        }
        try {
            runner.run(attempt, done);
        } catch (RuntimeException e) {
            LOG.error(
                    "The automation {} could not be run on delivery {}",
                    automation,
                    attempt.claimed().deliveryId(),
                    e);
            done.accept(new Outcome.Failed(StepFailure.passing("The automation could not be run.", e), attempt.step()));
        }
    }

    private Optional<Outcome> insteadOf(Claimed claimed) {
        if (claimed.attempt() == 1) {
            return Optional.empty();
        }
        Interruptions before = Interruptions.of(around.inbox().reader().attemptsOf(claimed.deliveryId()));
        Optional<Outcome> instead =
                before.insteadOfAttempt(options.retry(), around.clock().instant());
        if (instead.orElse(null) instanceof Outcome.Postponed postponed) {
            LOG.warn(
                    "Delivery {} of automation {} was running each of the last {} times that its node stopped: it waits until {}.",
                    claimed.deliveryId(),
                    automation,
                    before.inARow(),
                    postponed.until());
        }
        return instead;
    }

    private void timeOut(Attempt attempt) {
        StepFailure failure = StepFailure.unsure("The attempt did not end within " + options.timeout() + ".", null);
        if (attempt.end()) {
            // Before the interrupt, which makes steps that may have their effect look as if they had failed.
            Settlement settlement = decisions.failed(attempt, Settlement.Outcome.TIMED_OUT, failure, attempt.step());
            attempt.interrupt();
            settle(attempt, settlement);
        }
    }

    private void finish(Attempt attempt, Outcome outcome) {
        if (!attempt.end()) {
            return;
        }
        if (outcome instanceof Outcome.Postponed postponed) {
            giveBack(attempt.claimed(), postponed.until());
            done(attempt);
        } else if (outcome instanceof Outcome.Throttled throttled) {
            settle(attempt, decisions.throttled(attempt, throttled));
        } else if (outcome instanceof Outcome.Failed failed) {
            settle(attempt, decisions.failed(attempt, Settlement.Outcome.FAILED, failed.failure(), failed.step()));
        } else if (outcome instanceof Outcome.Succeeded succeeded) {
            settle(attempt, decisions.succeeded(attempt, succeeded.handled()));
        }
    }

    /** Writes the settlement, again and again while the inbox cannot; the delivery keeps its place until then. */
    private void settle(Attempt attempt, Settlement settlement) {
        around.inbox().settle(settlement).whenComplete((settled, failure) -> {
            if (failure != null && !around.timer().isShutdown()) {
                around.timer()
                        .schedule(
                                () -> settle(attempt, settlement),
                                Dispatcher.retryStorageMillis(),
                                TimeUnit.MILLISECONDS);
                return;
            }
            try {
                if (Boolean.TRUE.equals(settled)) {
                    around.observer().accept(new Settled(attempt.claimed(), settlement));
                }
            } catch (RuntimeException e) {
                LOG.error("An observer of deliveries failed", e);
            } finally {
                done(attempt);
                if (settlement.dueAt() != null) {
                    around.due().accept(settlement.dueAt());
                }
                if (options.orderBy().isPresent()) {
                    around.due().accept(around.clock().instant());
                }
            }
        });
    }

    /** Gives a claim up, again and again while the inbox cannot be written; at the end the next start takes it. */
    private void giveBack(Claimed claimed, Instant dueAt) {
        around.inbox().release(claimed, dueAt).whenComplete((released, failure) -> {
            if (failure == null) {
                around.due().accept(dueAt);
            } else if (!around.timer().isShutdown()) {
                around.timer()
                        .schedule(
                                () -> giveBack(claimed, dueAt), Dispatcher.retryStorageMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    private void done(Attempt attempt) {
        synchronized (lock) {
            running.remove(attempt);
            lock.notifyAll();
        }
        pump();
    }
}

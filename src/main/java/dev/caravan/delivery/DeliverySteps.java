package dev.caravan.delivery;

import dev.caravan.inbox.Claimed;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Settlement;
import dev.caravan.inbox.StepDoubts;
import dev.caravan.inbox.StepRecord;
import dev.caravan.inbox.StepRecord.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of a delivery's steps, of earlier attempts and of this one. Thread-safe. */
public final class DeliverySteps {
    private static final Logger LOG = LoggerFactory.getLogger(DeliverySteps.class);

    /** Stands for the steps that an attempt comes to first, of an attempt that ended without a word. */
    private static final String FIRST = "*";

    private final Inbox inbox;
    private final Claimed claimed;
    private final Executor threads;
    private final Map<String, StepRecord> known = new ConcurrentHashMap<>();
    private final Map<String, Integer> unsure = new ConcurrentHashMap<>();
    private final Map<String, Boolean> underway = new ConcurrentHashMap<>();
    private volatile boolean replaceDoubts;
    private volatile boolean ranAny;
    private volatile Instant doubtSince = Instant.EPOCH;

    /** {@code threads} gives a thread that may block to what follows a record. */
    DeliverySteps(Inbox inbox, Claimed claimed, Executor threads) {
        this.inbox = inbox;
        this.claimed = claimed;
        this.threads = threads;
    }

    /**
     * Reads what earlier attempts left.
     *
     * @throws dev.caravan.inbox.StorageException where the inbox cannot be read
     */
    void load() {
        if (claimed.fresh()) {
            return;
        }
        List<Settlement.Attempt> attempts = inbox.reader().attemptsOf(claimed.deliveryId());
        Settlement.Attempt last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
        boolean interrupted = last != null && last.outcome() == Settlement.Outcome.INTERRUPTED;
        for (StepRecord step : inbox.reader().stepRecords(claimed.deliveryId())) {
            if (step.kind() == Kind.FINISHED || step.kind() == Kind.FAILED) {
                known.put(step.key(), step);
            } else {
                unsure.put(step.key(), step.attempt());
                replaceDoubts = true;
            }
        }
        if (last != null) {
            doubtSince = last.startedAt().plus(last.duration());
            if (interrupted) {
                unsure.put(FIRST, last.number());
            }
        }
    }

    /** The state that a finished step left, empty where the step is not finished. */
    public Optional<String> stateAfter(String key) {
        return known(key, Kind.FINISHED);
    }

    /** How a step failed whose failure the route caught, empty where none was. */
    public Optional<String> failureOf(String key) {
        return known(key, Kind.FAILED);
    }

    private Optional<String> known(String key, Kind kind) {
        return Optional.ofNullable(known.get(key))
                .filter(step -> step.kind() == kind)
                .map(StepRecord::state);
    }

    /** The attempt after which it is not known whether the step had its effect, empty where it had none. */
    public Optional<Integer> unsureSince(String key) {
        return Optional.ofNullable(unsure.get(key));
    }

    /**
     * The attempt that ended without a word, empty where the last one did not: what this attempt comes to first, in each
     * branch that runs at the same time, may have had its effect.
     */
    public Optional<Integer> interruptedAttempt() {
        return Optional.ofNullable(unsure.get(FIRST));
    }

    /** When the attempt that left doubt ended, or began where its end is not known; meaningless where there is no doubt. */
    public Instant doubtSince() {
        return doubtSince;
    }

    /** Says that a step begins: where the attempt is cut off meanwhile, its effect may have happened. */
    public void begins(String key) {
        ranAny = true;
        underway.put(key, true);
    }

    /** Says that a step which began has ended without an effect. */
    public void failed(String key) {
        underway.remove(key);
        unsure.remove(key);
    }

    /** Says that the effect of a step may have happened. */
    public void unsure(String key) {
        underway.remove(key);
        unsure.putIfAbsent(key, claimed.attempt());
    }

    /** What a settlement of the attempt as failed is to keep. */
    StepDoubts doubts() {
        underway.keySet().forEach(this::unsure);
        if (ranAny && unsure.remove(FIRST) != null) {
            replaceDoubts = true;
        }
        return new StepDoubts(unsure, replaceDoubts);
    }

    /** Records that a step begins, for one whose effect is to happen at most once; as {@link #record}. */
    public void recordBegin(String key, Consumer<Optional<StepFailure>> then) {
        replaceDoubts = true;
        record(key, Kind.BEGUN, "", then);
    }

    /** Records that a step failed and the route caught it; as {@link #record}. */
    public void recordFailure(String key, String failure, Consumer<Optional<StepFailure>> then) {
        record(key, Kind.FAILED, failure, then);
    }

    /**
     * Records that a step is finished.
     *
     * @param then called on a thread that may block: with nothing once the record is on disk, or with why the attempt
     *     must not go on. Never called where the node stops meanwhile.
     */
    public void record(String key, String state, Consumer<Optional<StepFailure>> then) {
        ranAny = true;
        record(key, Kind.FINISHED, state, then);
    }

    private void record(String key, Kind kind, String state, Consumer<Optional<StepFailure>> then) {
        StepRecord step = new StepRecord(key, kind, state, claimed.attempt());
        inbox.recordStep(claimed, step).whenComplete((recorded, failure) -> {
            Optional<StepFailure> refused = refusal(kind, recorded, failure);
            if (refused.isEmpty() && kind != Kind.BEGUN) {
                known.put(key, step);
                underway.remove(key);
                unsure.remove(key);
            } else if (kind == Kind.FINISHED) {
                unsure(key);
            }
            goOn(() -> then.accept(refused));
        });
    }

    private static Optional<StepFailure> refusal(Kind kind, @Nullable Boolean recorded, @Nullable Throwable failure) {
        if (failure == null && Boolean.TRUE.equals(recorded)) {
            return Optional.empty();
        }
        if (kind != Kind.FINISHED) {
            return Optional.of(StepFailure.passing("The inbox could not record how far the attempt is.", failure));
        }
        return Optional.of(
                failure != null
                        ? StepFailure.unsure("The step is done, and the inbox could not record that.", failure)
                        : StepFailure.unsure("The attempt was over before its step was done.", null));
    }

    private void goOn(Runnable next) {
        try {
            threads.execute(next);
        } catch (RejectedExecutionException e) {
            LOG.debug("The node is stopping; delivery {} is left for the next start.", claimed.deliveryId());
        } catch (OutOfMemoryError e) {
            LOG.error("There is no thread for delivery {}; it comes again when it times out", claimed.deliveryId(), e);
        }
    }
}

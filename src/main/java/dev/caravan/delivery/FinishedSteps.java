package dev.caravan.delivery;

import dev.caravan.inbox.Claimed;
import dev.caravan.inbox.Inbox;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outside effects that a delivery has behind it, of earlier attempts and of this one. Thread-safe. */
public final class FinishedSteps {
    private static final Logger LOG = LoggerFactory.getLogger(FinishedSteps.class);

    private final Inbox inbox;
    private final Claimed claimed;
    private final Executor threads;
    private final Map<String, String> states = new ConcurrentHashMap<>();

    /** {@code threads} gives a thread that may block to what follows a record. */
    FinishedSteps(Inbox inbox, Claimed claimed, Executor threads) {
        this.inbox = inbox;
        this.claimed = claimed;
        this.threads = threads;
    }

    /**
     * Reads what earlier attempts finished.
     *
     * @throws dev.caravan.inbox.StorageException where the inbox cannot be read
     */
    void load() {
        if (claimed.attempt() > 1) {
            states.putAll(inbox.reader().steps(claimed.deliveryId()));
        }
    }

    /** The state that a finished step left, empty where the step is not finished. */
    public Optional<String> stateAfter(String key) {
        return Optional.ofNullable(states.get(key));
    }

    /**
     * Records that a step is finished.
     *
     * @param then called on a thread that may block: with nothing once the record is on disk, or with why the attempt
     *     must not go on. Never called where the node stops meanwhile.
     */
    public void record(String key, String state, Consumer<Optional<StepFailure>> then) {
        inbox.recordStep(claimed, key, state).whenComplete((recorded, failure) -> {
            Optional<StepFailure> refused = refusal(recorded, failure);
            if (refused.isEmpty()) {
                states.put(key, state);
            }
            goOn(() -> then.accept(refused));
        });
    }

    private Optional<StepFailure> refusal(@Nullable Boolean recorded, @Nullable Throwable failure) {
        if (failure != null) {
            return Optional.of(StepFailure.unsure(
                    "The step is done, and the inbox could not record that, so that a retry repeats it.", failure));
        }
        return Boolean.TRUE.equals(recorded)
                ? Optional.empty()
                : Optional.of(StepFailure.unsure(
                        "The attempt was over before its step was done, so that a retry repeats the step.", null));
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

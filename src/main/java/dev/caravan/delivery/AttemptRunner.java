package dev.caravan.delivery;

import java.util.function.Consumer;

/** Runs an automation on a delivery. */
@FunctionalInterface
public interface AttemptRunner {

    /**
     * Starts an attempt. Called on a thread that may block.
     *
     * @param done called exactly once, on any thread, when the automation has ended; never by throwing
     */
    void run(Attempt attempt, Consumer<Outcome> done);
}

package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.time.Clock;
import java.util.Optional;

/** How a vendor's answers are to be read. Called by several threads. */
@FunctionalInterface
public interface VendorRules {

    /**
     * What an answer says of its request.
     *
     * @param clock for the dates in its headers
     * @return empty if it did what it was to do
     */
    Optional<StepFailure> failure(VendorAnswer answer, Clock clock);

    /**
     * By the status alone, as {@link StepFailure#ofStatus} reads it, with {@code Retry-After}.
     *
     * @param vendor for the message
     */
    static VendorRules byStatus(String vendor) {
        return (answer, clock) ->
                answer.isSuccess() ? Optional.empty() : Optional.of(statusFailure(vendor, answer, clock));
    }

    /** The failure that an answer's status means. */
    static StepFailure statusFailure(String vendor, VendorAnswer answer, Clock clock) {
        return StepFailure.ofStatus(
                vendor + " answered " + answer.status(),
                answer.status(),
                answer.retryAfter(clock).orElse(null),
                answer.text());
    }
}

package dev.caravan.delivery;

import java.time.Duration;
import java.util.Optional;

/**
 * How an automation's deliveries are run on this node.
 *
 * @param concurrency how many at once, at least 1
 * @param timeout of one attempt
 * @param orderBy the order that they are run in; empty where none has to wait for another
 */
public record LaneOptions(int concurrency, RetrySchedule retry, Duration timeout, Optional<OrderBy> orderBy) {

    /** Deliveries without an order. */
    public LaneOptions(int concurrency, RetrySchedule retry, Duration timeout) {
        this(concurrency, retry, timeout, Optional.empty());
    }
}

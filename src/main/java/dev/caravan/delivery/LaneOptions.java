package dev.caravan.delivery;

import java.time.Duration;

/**
 * How an automation's deliveries are run on this node.
 *
 * @param concurrency how many at once, at least 1
 * @param timeout of one attempt
 */
public record LaneOptions(int concurrency, RetrySchedule retry, Duration timeout) {}

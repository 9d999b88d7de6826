package dev.caravan.inbox;

/**
 * A delivery that this node has claimed and may run.
 *
 * @param attempt the number of the attempt that this claim is for, from 1
 * @param failures earlier attempts that count against the retry schedule
 * @param node the id of the run that has claimed it
 */
public record Claimed(String deliveryId, String automation, int attempt, int failures, Event event, String node) {}

package dev.caravan.inbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a claim.
 *
 * @param claimed in the order in which they are to run
 * @param nextDue when the automation's earliest unclaimed delivery is due; empty where none is waiting
 */
public record Claims(List<Claimed> claimed, Optional<Instant> nextDue) {}

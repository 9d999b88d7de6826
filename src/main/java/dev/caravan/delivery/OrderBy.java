package dev.caravan.delivery;

import dev.caravan.inbox.Event;
import java.util.Optional;

/** Tells which deliveries wait for each other: those of one value are run one at a time, in order of arrival. Thread-safe. */
@FunctionalInterface
public interface OrderBy {

    /** The value of an event; empty where it has none, so that it waits for no other. */
    Optional<String> valueOf(Event event);
}

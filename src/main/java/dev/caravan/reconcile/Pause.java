package dev.caravan.reconcile;

import java.time.Duration;

/** Waits before a request is sent again. */
@FunctionalInterface
interface Pause {
    void of(Duration wait) throws InterruptedException;
}

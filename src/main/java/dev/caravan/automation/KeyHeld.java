package dev.caravan.automation;

import java.time.Instant;

/** Another delivery holds an idempotency key and is not settled: this one has to come again. */
final class KeyHeld extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Instant until;

    KeyHeld(String owner, Instant until) {
        super("The idempotency key is held by delivery " + owner + ".", null, false, false);
        this.until = until;
    }

    Instant until() {
        return until;
    }
}

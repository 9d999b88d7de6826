package dev.caravan.inbox;

import java.time.Instant;
import java.util.Optional;

/**
 * What an automation is told about an idempotency key.
 *
 * @param kind whether it may go on
 * @param owner the delivery that holds the key, where another does
 * @param ownerDueAt when that delivery is or was due to run, where another holds the key
 */
public record KeyAnswer(Kind kind, Optional<String> owner, Optional<Instant> ownerDueAt) {

    /** Whether the automation may go on. */
    public enum Kind {
        /** The key is this delivery's, now or from an earlier attempt. */
        ADDED,
        /** A delivery that succeeded has used the key. */
        DUPLICATE,
        /** Another delivery has the key and is not settled. */
        HELD
    }

    static KeyAnswer added() {
        return new KeyAnswer(Kind.ADDED, Optional.empty(), Optional.empty());
    }

    static KeyAnswer duplicate() {
        return new KeyAnswer(Kind.DUPLICATE, Optional.empty(), Optional.empty());
    }

    static KeyAnswer held(String owner, Instant dueAt) {
        return new KeyAnswer(Kind.HELD, Optional.of(owner), Optional.of(dueAt));
    }
}

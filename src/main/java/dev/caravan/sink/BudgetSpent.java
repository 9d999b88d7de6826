package dev.caravan.sink;

import java.time.Instant;

/** The destination's rate leaves no room for this step yet: it has not run, and its delivery has to come again. */
public final class BudgetSpent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Instant until;

    BudgetSpent(String vendor, Instant until) {
        super("The step waits for its turn: " + vendor + " takes no more requests at once.", null, false, false);
        this.until = until;
    }

    /** When to come again. */
    public Instant until() {
        return until;
    }
}

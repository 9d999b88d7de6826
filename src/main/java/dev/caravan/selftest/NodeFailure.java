package dev.caravan.selftest;

/** A node of a self-test did not do what every node does; the message says what, and what it said itself. */
public final class NodeFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeFailure(String message) {
        super(message);
    }
}

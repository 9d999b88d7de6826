package dev.caravan.selftest;

/** Several nodes were asked for, and the inbox is a file, which one process at a time has. */
public final class OneNodeOnly extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OneNodeOnly(int nodes) {
        super("--nodes is " + nodes + ", but the inbox is SQLite, which one node has for itself: set caravan.inbox.url"
                + " to a PostgreSQL database, or leave --nodes out.");
    }
}

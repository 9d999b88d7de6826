package dev.caravan.selftest;

import java.util.ArrayList;
import java.util.List;

/** The ports of the nodes that receive now, in turn. Thread-safe. */
final class Ports {
    private final List<Integer> open = new ArrayList<>();
    private int turn;

    synchronized void open(int port) {
        open.add(port);
        notifyAll();
    }

    synchronized void closed(int port) {
        open.remove(Integer.valueOf(port));
    }

    /** The next one; waits while there is none. */
    synchronized int next() throws InterruptedException {
        while (open.isEmpty()) {
            wait();
        }
        turn = (turn + 1) % open.size();
        return open.get(turn);
    }
}

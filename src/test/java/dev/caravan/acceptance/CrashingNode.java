package dev.caravan.acceptance;

import dev.caravan.inbox.CommitObserver;
import dev.caravan.runtime.Node;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.runtime.NodeOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program of a node that dies at one write boundary: a boundary is before and after every commit, and its death is
 * that of {@code kill -9}. Arguments: the directory, and the boundary's number from 1.
 */
final class CrashingNode {
    /** The exit code of its death. */
    static final int CRASHED = 86;

    private CrashingNode() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Node.start(
                NodeConfig.read(directory),
                NodeOptions.of(directory).withCommits(new Countdown(Integer.parseInt(arguments[1]))));
        Thread.currentThread().join();
    }

    private static final class Countdown implements CommitObserver {
        private final AtomicInteger left;

        Countdown(int boundary) {
            left = new AtomicInteger(boundary);
        }

        @Override
        public void committing(int writes) {
            pass();
        }

        @Override
        public void committed(int writes, Duration took) {
            pass();
        }

        private void pass() {
            if (left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(CRASHED);
            }
        }
    }
}

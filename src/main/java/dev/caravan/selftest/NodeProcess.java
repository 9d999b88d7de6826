package dev.caravan.selftest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One life of a node: a process, and what it tells. Thread-safe. */
final class NodeProcess implements AutoCloseable {
    private static final int KEPT_LINES = 20;
    private static final Duration END = Duration.ofSeconds(10);

    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Deque<String> complaints = new ArrayDeque<>();
    private final Thread telling;
    private final Thread complaining;

    private NodeProcess(Process process, Consumer<Told> told) {
        this.process = process;
        this.telling = reader("selftest-node-out", () -> {
            lines(
                    process.inputReader(StandardCharsets.UTF_8),
                    line -> Told.read(line).ifPresent(one -> {
                        if (one instanceof Told.Ready ready) {
                            port.complete(ready.port());
                        } else {
                            told.accept(one);
                        }
                    }));
            port.completeExceptionally(new IllegalStateException("it ended"));
        });
        this.complaining =
                reader("selftest-node-err", () -> lines(process.errorReader(StandardCharsets.UTF_8), this::complain));
    }

    /**
     * Starts it and returns at once.
     *
     * @param told gets all that it tells, in order, on one thread
     * @throws UncheckedIOException if there is no such program
     */
    static NodeProcess start(List<String> command, Consumer<Told> told) {
        try {
            return new NodeProcess(new ProcessBuilder(command).start(), told);
        } catch (IOException failed) {
            throw new UncheckedIOException("The program " + command.get(0) + " cannot be started.", failed);
        }
    }

    private static Thread reader(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void lines(BufferedReader from, Consumer<String> each) {
        try (from) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                each.accept(line);
            }
        } catch (IOException ended) {
            // With the process.
        }
    }

    private void complain(String line) {
        synchronized (complaints) {
            complaints.add(line);
            if (complaints.size() > KEPT_LINES) {
                complaints.remove();
            }
        }
    }

    /**
     * Waits until it receives.
     *
     * @throws NodeFailure if it ends before, or takes longer
     */
    int awaitReady(Duration patience) throws InterruptedException {
        try {
            return port.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new NodeFailure(
                    "A node of the self-test did not start within " + patience.toSeconds() + " s" + complaint());
        } catch (ExecutionException ended) {
            complaining.join(END.toMillis());
            throw new NodeFailure("A node of the self-test ended instead of starting" + complaint());
        }
    }

    private String complaint() {
        synchronized (complaints) {
            return complaints.isEmpty()
                    ? "; it said nothing. Try the same with run."
                    : ". It said: " + String.join(System.lineSeparator(), complaints);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its id for the operating system. */
    long pid() {
        return process.pid();
    }

    /** {@code kill -9}. Returns when it is gone and all that it told has been heard. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new NodeFailure("The process " + process.pid() + " of the self-test does not end: end it by hand.");
        }
        telling.join(END.toMillis());
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.caravan.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a process of its own, for what only a process can do: die. */
final class ChildNode implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Receiving on port (\\d+); console and API on port (\\d+)");

    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ChildNode(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@code run --dir} and returns at once; {@code before} stands before the java command. */
    static ChildNode begin(Path directory, String... before) {
        return begin(List.of(before), List.of("dev.caravan.cli.Caravan", "run", "--dir", directory.toString()));
    }

    /** Starts a {@link CrashingNode} and returns at once. */
    static ChildNode crashing(Path directory, int boundary) {
        return begin(
                List.of(),
                List.of("dev.caravan.acceptance.CrashingNode", directory.toString(), Integer.toString(boundary)));
    }

    private static ChildNode begin(List<String> before, List<String> program) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlog.level=INFO",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(program);
        try {
            return new ChildNode(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts and waits until it receives. */
    static ChildNode start(Path directory, String... before) {
        ChildNode child = begin(directory, before);
        child.port();
        return child;
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    port.complete(Integer.parseInt(ready.group(1)));
                }
            }
        } catch (IOException e) {
            lines.add("its output ended: " + e.getMessage());
        }
        port.completeExceptionally(new AssertionError("The child ended: " + String.join("\n", lines)));
    }

    int port() {
        return port.orTimeout(2, TimeUnit.MINUTES).join();
    }

    /** Waits until it receives or has ended. */
    void awaitPortOrEnd() {
        try {
            port();
        } catch (CompletionException ended) {
            awaitEnd();
        }
    }

    Web web() {
        return new Web("http://127.0.0.1:" + port());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGSTOP: it does nothing, and nobody is told. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code. */
    int awaitEnd() {
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                throw new AssertionError("The child does not end: " + String.join("\n", lines));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns when it is gone, and its locks with it. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}

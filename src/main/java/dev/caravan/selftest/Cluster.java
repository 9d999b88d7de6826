package dev.caravan.selftest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The nodes of a self-test, each through all its lives. Thread-safe. */
final class Cluster implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Program program;
    private final Scratch scratch;
    private final Ports ports;
    private final Observations observations;
    private final AtomicInteger lives = new AtomicInteger();
    private final List<Member> members = new ArrayList<>();
    private boolean closed;

    /** A node and, while it receives, its port. */
    private static final class Member {
        private final Path state;
        private final NodeProcess process;
        private int port;

        Member(Path state, NodeProcess process) {
            this.state = state;
            this.process = process;
        }
    }

    Cluster(Program program, Scratch scratch, Ports ports, Observations observations) {
        this.program = program;
        this.scratch = scratch;
        this.ports = ports;
        this.observations = observations;
    }

    /**
     * Starts the nodes and returns when all receive.
     *
     * @throws NodeFailure if one does not
     */
    void start(int nodes, Deadline deadline) throws InterruptedException {
        for (int i = 0; i < nodes; i++) {
            add(begin(scratch.node(i)));
        }
        for (int i = 0; i < nodes; i++) {
            receive(member(i), deadline.left());
        }
    }

    /** {@code kill -9}. Returns when all that it did is known. */
    void kill(int index) throws InterruptedException {
        Member member = member(index);
        ports.closed(member.port);
        member.process.kill();
    }

    /**
     * Starts a killed node again, and returns when it receives.
     *
     * @throws NodeFailure if it does not
     */
    void restart(int index, Deadline deadline) throws InterruptedException {
        Member again;
        synchronized (this) {
            again = begin(members.get(index).state);
            members.set(index, again);
        }
        receive(again, deadline.left());
    }

    private synchronized void add(Member member) {
        members.add(member);
    }

    private synchronized Member member(int index) {
        return members.get(index);
    }

    private synchronized Member begin(Path state) {
        if (closed) {
            throw new NodeFailure("The self-test was ended.");
        }
        int life = lives.incrementAndGet();
        List<String> command = program.command(
                scratch.changedKeys(), List.of("--dir", scratch.directory().toString(), "--state", state.toString()));
        return new Member(state, NodeProcess.start(command, told -> {
            if (told instanceof Told.Effect effect) {
                observations.effect(life, effect);
            } else if (told instanceof Told.Recorded recorded) {
                observations.recorded(life, recorded);
            }
        }));
    }

    private void receive(Member member, Duration patience) throws InterruptedException {
        member.port = member.process.awaitReady(patience.compareTo(LONGEST_START) < 0 ? patience : LONGEST_START);
        ports.open(member.port);
    }

    /** Ends all nodes at once. Returns when all that they did is known. */
    void stop() throws InterruptedException {
        for (Member member : all()) {
            member.process.kill();
        }
    }

    private synchronized List<Member> all() {
        return List.copyOf(members);
    }

    /** Ends all nodes, also one that is just starting, and starts no more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        all().forEach(member -> member.process.close());
    }
}

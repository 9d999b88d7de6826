package dev.caravan.selftest;

import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.InboxSettings;
import dev.caravan.inbox.ScratchSchema;
import dev.caravan.samples.Sender;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of the self-test. {@link #close} may be called by another thread, to end it early. */
public final class SelfTest implements AutoCloseable {
    private final Plan plan;
    private final Program program;
    private final Clock clock;
    private final IntConsumer progress;
    private final Observations observations = new Observations();
    private final AtomicReference<@Nullable Cluster> cluster = new AtomicReference<>();
    private final AtomicReference<@Nullable Scratch> scratch = new AtomicReference<>();
    private final AtomicReference<@Nullable ScratchSchema> schema = new AtomicReference<>();

    /**
     * What to do.
     *
     * @param directory the user's
     * @param concurrency requests at a time
     * @param timeout for all of it
     */
    public record Plan(Path directory, int events, int kills, int nodes, int concurrency, Duration timeout) {}

    /**
     * A run; nothing happens yet.
     *
     * @param program starts {@link SelfTestNode}
     * @param progress told now and then how many events are settled
     */
    public SelfTest(Plan plan, Program program, Clock clock, IntConsumer progress) {
        this.plan = plan;
        this.program = program;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Does it.
     *
     * @throws dev.caravan.settings.InvalidSettings if the user's configuration is wrong
     * @throws OneNodeOnly if several nodes are to share an inbox that is a file
     * @throws dev.caravan.inbox.StorageException if no inbox can be made on the user's server
     * @throws NodeFailure if a node does not start
     */
    public Verdict run() throws Exception {
        Deadline deadline = Deadline.in(plan.timeout());
        long began = System.nanoTime();
        Scratch copy = Scratch.copy(plan.directory());
        scratch.set(copy);
        Setting setting = Setting.prepare(copy);
        InboxSettings inbox = inboxOfItsOwn(setting, copy);
        Ports ports = new Ports();
        Cluster nodes = new Cluster(program, copy, ports, observations);
        cluster.set(nodes);
        nodes.start(plan.nodes(), deadline);
        String run = Long.toString(clock.millis(), Character.MAX_RADIX);
        try (Load load = new Load(setting.kinds(), ports, new Sender(clock), run, plan.events());
                InboxReader reader = InboxReader.open(inbox)) {
            load.start(plan.concurrency());
            int kills = killWhileItWorks(load, nodes, deadline);
            boolean inTime = deadline.await(() -> {
                progress.accept(load.settled());
                return load.isDone();
            });
            inTime &= deadline.await(() -> Stored.isSettled(reader));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            Tally tally = tally(setting, load.sent(), reader, nodes);
            return new Verdict(
                    tally,
                    setting.inbox().server().isPresent() ? "PostgreSQL" : "SQLite",
                    plan.nodes(),
                    kills,
                    took,
                    inTime,
                    setting.automations(),
                    setting.probe(),
                    setting.silent());
        }
    }

    /** Of what is settled; what is answered from now on is not looked at. */
    private Tally tally(Setting setting, List<Sent> settled, InboxReader reader, Cluster nodes)
            throws InterruptedException {
        Set<String> sources =
                setting.kinds().stream().map(kind -> kind.source().name()).collect(Collectors.toSet());
        Stored stored = Stored.read(reader, sources);
        nodes.stop();
        return Tally.of(plan.events(), settled, stored, observations.repetitions(), observations.effects());
    }

    private InboxSettings inboxOfItsOwn(Setting setting, Scratch copy) {
        if (setting.inbox().server().isEmpty()) {
            if (plan.nodes() > 1) {
                throw new OneNodeOnly(plan.nodes());
            }
            return InboxSettings.sqlite(copy.node(0).resolve("data"));
        }
        ScratchSchema own = ScratchSchema.create(setting.inbox().server().get());
        schema.set(own);
        copy.set("caravan.inbox.url", own.server().url());
        return new InboxSettings(
                copy.directory(), Optional.of(own.server()), setting.inbox().lease(), Optional.empty());
    }

    /** Kills in turn, each time after as many events again; how often. */
    private int killWhileItWorks(Load load, Cluster nodes, Deadline deadline) throws InterruptedException {
        int share = plan.events() / (plan.kills() + 1);
        for (int kill = 1; kill <= plan.kills(); kill++) {
            int after = share * kill;
            // Half a share more, so that the load goes on while the node is killed.
            load.allowUpTo(after + share / 2);
            boolean reached = deadline.await(() -> {
                progress.accept(load.settled());
                return load.settled() >= after;
            });
            if (!reached) {
                return kill - 1;
            }
            int victim = (kill - 1) % plan.nodes();
            nodes.kill(victim);
            nodes.restart(victim, deadline);
        }
        load.allowUpTo(plan.events() + plan.concurrency());
        return plan.kills();
    }

    /** Ends it, with its nodes and its files. */
    @Override
    public void close() {
        Cluster nodes = cluster.get();
        if (nodes != null) {
            nodes.close();
        }
        ScratchSchema own = schema.getAndSet(null);
        if (own != null) {
            own.close();
        }
        Scratch copy = scratch.get();
        if (copy != null) {
            copy.close();
        }
    }
}

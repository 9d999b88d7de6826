package dev.caravan.runtime;

import dev.caravan.delivery.Settled;
import dev.caravan.dryrun.DryRun;
import dev.caravan.inbox.CommitObserver;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a node is started with beside its settings.
 *
 * @param directory where {@code application.properties} and {@code routes/} are
 * @param state where {@code data/} is: the same directory, but not in a dry run of a directory that is in use
 * @param clock the time of this machine
 * @param settled told of every attempt that was recorded, on the inbox writer's thread
 * @param commits told of every commit of the inbox
 * @param dryRun takes what the node would send; the caller closes it after the node. The inbox is then in {@code state}
 * @param inboxOfSettings whether a dry run, too, has the inbox that the settings name: for settings that name one which
 *     nobody else uses
 */
public record NodeOptions(
        Path directory,
        Path state,
        Clock clock,
        Consumer<Settled> settled,
        CommitObserver commits,
        Optional<DryRun> dryRun,
        boolean inboxOfSettings) {

    /** A node of a directory that nobody else listens to. */
    public static NodeOptions of(Path directory) {
        return new NodeOptions(
                directory, directory, Clock.systemUTC(), settled -> {}, CommitObserver.NONE, Optional.empty(), true);
    }

    /** A node that sends nothing: an event that it delivers is delivered in {@code state} only. */
    public static NodeOptions dry(Path directory, Path state, DryRun dryRun, Consumer<Settled> observer) {
        return new NodeOptions(
                directory, state, Clock.systemUTC(), observer, CommitObserver.NONE, Optional.of(dryRun), false);
    }

    public NodeOptions withClock(Clock other) {
        return new NodeOptions(directory, state, other, settled, commits, dryRun, inboxOfSettings);
    }

    public NodeOptions withSettled(Consumer<Settled> observer) {
        return new NodeOptions(directory, state, clock, observer, commits, dryRun, inboxOfSettings);
    }

    public NodeOptions withCommits(CommitObserver observer) {
        return new NodeOptions(directory, state, clock, settled, observer, dryRun, inboxOfSettings);
    }

    /** The same with the inbox that the settings name, also in a dry run. */
    public NodeOptions withInboxOfSettings() {
        return new NodeOptions(directory, state, clock, settled, commits, dryRun, true);
    }

    /** Where the databases are. */
    public Path data() {
        return state.resolve("data");
    }
}

package dev.caravan.runtime;

import dev.caravan.delivery.Settled;
import dev.caravan.dryrun.DryRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a node is started with beside its settings.
 *
 * @param directory where {@code application.properties} and {@code routes/} are
 * @param state where {@code data/} is: the same directory, but not in a dry run of a directory that is in use
 * @param observer told of every attempt that was recorded, on the inbox writer's thread
 * @param dryRun takes what the node would send; the caller closes it after the node
 */
public record NodeOptions(Path directory, Path state, Consumer<Settled> observer, Optional<DryRun> dryRun) {

    /** A node of a directory that nobody else listens to. */
    public static NodeOptions of(Path directory) {
        return new NodeOptions(directory, directory, settled -> {}, Optional.empty());
    }

    /** A node that sends nothing: an event that it delivers is delivered in {@code state} only. */
    public static NodeOptions dry(Path directory, Path state, DryRun dryRun, Consumer<Settled> observer) {
        return new NodeOptions(directory, state, observer, Optional.of(dryRun));
    }

    /** Where the databases are. */
    public Path data() {
        return state.resolve("data");
    }
}

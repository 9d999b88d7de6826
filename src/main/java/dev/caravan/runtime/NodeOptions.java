package dev.caravan.runtime;

import dev.caravan.delivery.Settled;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a node is started with beside its settings.
 *
 * @param directory where {@code application.properties}, {@code routes/} and {@code data/} are
 * @param observer told of every attempt that was recorded, on the inbox writer's thread
 */
public record NodeOptions(Path directory, Consumer<Settled> observer) {

    /** A node of a directory that nobody else listens to. */
    public static NodeOptions of(Path directory) {
        return new NodeOptions(directory, settled -> {});
    }

    /** Where the databases are. */
    public Path data() {
        return directory.resolve("data");
    }
}

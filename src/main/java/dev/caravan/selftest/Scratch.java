package dev.caravan.selftest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A temporary copy of a user's directory, without its data, in which some settings are others. Only this user can read
 * it. Not thread-safe.
 */
final class Scratch implements AutoCloseable {
    private static final String SETTINGS = "application.properties";
    private static final List<String> FOLDERS = List.of("routes", "presets", "kamelets", "lib");

    private final Path directory;
    private final Map<String, String> changed = new LinkedHashMap<>();

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** @throws UncheckedIOException if it cannot be written */
    static Scratch copy(Path original) {
        Scratch scratch = null;
        try {
            scratch = new Scratch(Files.createTempDirectory("caravan-selftest-"));
            for (String folder : FOLDERS) {
                if (Files.isDirectory(original.resolve(folder))) {
                    copy(original.resolve(folder), scratch.directory.resolve(folder));
                }
            }
            Path settings = original.resolve(SETTINGS);
            Files.write(
                    scratch.directory.resolve(SETTINGS),
                    Files.exists(settings) ? Files.readAllBytes(settings) : new byte[0]);
            return scratch;
        } catch (IOException failed) {
            if (scratch != null) {
                scratch.close();
            }
            throw new UncheckedIOException("The directory " + original + " cannot be copied for the self-test", failed);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    Path directory() {
        return directory;
    }

    /** Where a node, counted from 0, keeps what is its own. */
    Path node(int index) {
        return directory.resolve("node-" + (index + 1));
    }

    /** Sets a key instead of what the file says. */
    void set(String key, String value) {
        append("\n" + key + " = " + value.replace("\\", "\\\\") + "\n");
        changed.put(key, value);
    }

    /** The keys that were set. */
    Set<String> changedKeys() {
        return Set.copyOf(changed.keySet());
    }

    void addRoute(String name, String yaml) {
        try {
            Files.createDirectories(directory.resolve("routes"));
            Files.writeString(directory.resolve("routes").resolve(name + ".yaml"), yaml);
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    private void append(String text) {
        try {
            Files.writeString(directory.resolve(SETTINGS), text, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    private static UncheckedIOException unwritable(IOException failed) {
        return new UncheckedIOException("The self-test cannot write its temporary directory", failed);
    }

    /** Removes it; what cannot be removed stays. */
    @Override
    public void close() {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException stays) {
            // It is in the system's directory for temporary files, which is emptied now and then.
        }
    }
}

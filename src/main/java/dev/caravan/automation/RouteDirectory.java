package dev.caravan.automation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of one directory that count: names ending in one of its suffixes, hidden ones and editors' copies not. */
final class RouteDirectory {
    private final Path directory;
    private final List<String> suffixes;

    private RouteDirectory(Path directory, List<String> suffixes) {
        this.directory = directory;
        this.suffixes = suffixes;
    }

    static RouteDirectory routes(Path base) {
        return new RouteDirectory(base.resolve("routes"), List.of(".yaml", ".yml"));
    }

    static RouteDirectory kamelets(Path base) {
        return new RouteDirectory(base.resolve("kamelets"), List.of(".kamelet.yaml"));
    }

    Path path() {
        return directory;
    }

    /**
     * Name to text, names as users know them ({@code routes/x.yaml}). A file that vanishes meanwhile is left out.
     *
     * @throws IOException if the directory is there and cannot be listed, or a file cannot be read
     */
    SortedMap<String, String> read() throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return texts;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(this::counts).toList();
        }
        for (Path file : files) {
            String name = directory.getFileName() + "/" + file.getFileName();
            text(file).ifPresent(text -> texts.put(name, text));
        }
        return texts;
    }

    /** The file's text, empty if it was deleted since the listing. */
    private static Optional<String> text(Path file) throws IOException {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private boolean counts(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".")
                && !name.startsWith("#")
                && suffixes.stream().anyMatch(name::endsWith)
                && Files.isRegularFile(file);
    }
}

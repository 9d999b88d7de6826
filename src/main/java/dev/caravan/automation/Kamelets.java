package dev.caravan.automation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The Kamelets that a route may use: a user's own in {@code DIR/kamelets} before those in the jar. A user's are read
 * anew each time, so that an edit counts. Safe for use by several threads.
 */
public final class Kamelets {
    private static final String SUFFIX = ".kamelet.yaml";

    /** What a Kamelet takes; {@code shipped} ones come in the jar and decode their parameters. */
    record Definition(String name, boolean shipped, Set<String> properties, List<String> required) {
        Optional<String> problemWith(String parameter) {
            return properties.contains(parameter)
                    ? Optional.empty()
                    : Optional.of("`" + name + "` has no parameter `" + parameter + "`; it has: "
                            + String.join(", ", properties) + ".");
        }

        Optional<String> firstProblem(Set<String> given) {
            return given.stream()
                    .map(this::problemWith)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .or(() -> required.stream()
                            .filter(key -> !given.contains(key))
                            .findFirst()
                            .map(key -> "`" + name + "` needs the parameter `" + key + "`."));
        }
    }

    private final Path own;
    private final RouteDirectory directory;
    private final List<String> shippedNames;
    private final Map<String, Optional<Definition>> shipped = new ConcurrentHashMap<>();

    /**
     * The Kamelets of one directory and of the jar.
     *
     * @param directory DIR; its {@code kamelets/} need not exist
     * @param shippedNames the names of the Kamelets in the jar, for messages
     */
    public Kamelets(Path directory, List<String> shippedNames) {
        this.own = directory.resolve("kamelets");
        this.directory = RouteDirectory.kamelets(directory);
        this.shippedNames = List.copyOf(shippedNames);
    }

    /** For {@code KameletComponent.setLocation}. */
    public String locations() {
        return "file:" + own + ",classpath:kamelets";
    }

    Optional<Definition> find(String name) {
        if (name.isEmpty() || name.contains("/") || name.contains("..")) {
            return Optional.empty();
        }
        Path file = own.resolve(name + SUFFIX);
        if (Files.isRegularFile(file)) {
            try {
                return Optional.of(definition(name, false, Files.readString(file)));
            } catch (IOException | YamlEngineException e) {
                return Optional.empty();
            }
        }
        return shipped.computeIfAbsent(name, this::fromJar);
    }

    /**
     * What is wrong with the user's own Kamelets, used or not.
     *
     * @throws IOException if {@code kamelets/} cannot be read
     */
    List<Finding> findings() throws IOException {
        List<Finding> findings = new ArrayList<>();
        directory.read().forEach((file, text) -> problem(file, text).ifPresent(findings::add));
        return findings;
    }

    /** What is wrong with the user's own Kamelet of that name; empty where there is none. */
    Optional<Finding> problemWith(String name) {
        return ownFile(name).flatMap(file -> {
            String shown = "kamelets/" + file.getFileName();
            try {
                return problem(shown, Files.readString(file));
            } catch (IOException e) {
                return Optional.of(Finding.error(shown, 0, "the file cannot be read; is it text in UTF-8?"));
            }
        });
    }

    private static Optional<Finding> problem(String file, String text) {
        try {
            Object root = new Load(LoadSettings.builder().setLabel(file).build()).loadFromString(text);
            Map<?, ?> spec = map(map(root).get("spec"));
            boolean whole = spec.get("definition") instanceof Map && spec.get("template") instanceof Map;
            return whole
                    ? Optional.empty()
                    : Optional.of(Finding.error(
                            file, 1, "the file is not a Kamelet; it needs `spec.definition` and `spec.template`."));
        } catch (YamlEngineException e) {
            return Optional.of(YamlText.unreadable(file, e));
        }
    }

    /** The user's own file of that name. */
    Optional<Path> ownFile(String name) {
        return Optional.of(own.resolve(name + SUFFIX)).filter(Files::isRegularFile);
    }

    String names() {
        Set<String> names = new TreeSet<>(shippedNames);
        try (Stream<Path> files = Files.isDirectory(own) ? Files.list(own) : Stream.empty()) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .forEach(file -> names.add(file.substring(0, file.length() - SUFFIX.length())));
        } catch (IOException e) {
            names.add("(" + own.getFileName() + " cannot be read)");
        }
        return String.join(", ", names);
    }

    private Optional<Definition> fromJar(String name) {
        try (InputStream in = Kamelets.class.getResourceAsStream("/kamelets/" + name + SUFFIX)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(definition(name, true, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Definition definition(String name, boolean shipped, String yaml) {
        Object root = new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(yaml);
        Map<?, ?> body = map(map(map(root).get("spec")).get("definition"));
        Map<?, ?> declared = map(body.get("properties"));
        Set<String> properties =
                declared.keySet().stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
        List<String> required = body.get("required") instanceof List<?> list
                ? list.stream()
                        .map(String::valueOf)
                        .filter(key -> !map(declared.get(key)).containsKey("default"))
                        .toList()
                : List.of();
        return new Definition(name, shipped, properties, required);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : new LinkedHashMap<>();
    }
}

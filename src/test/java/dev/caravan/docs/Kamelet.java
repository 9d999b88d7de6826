package dev.caravan.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A shipped Kamelet, as its file describes it. */
record Kamelet(String name, String title, String description, List<Parameter> parameters, List<String> dependencies) {
    private static final Path FOLDER = Path.of("src/main/resources/kamelets");
    private static final String SUFFIX = ".kamelet.yaml";

    /** A parameter; {@code fallback} is its default. */
    record Parameter(
            String name,
            String title,
            String type,
            boolean secret,
            boolean required,
            String fallback,
            String example,
            List<String> choices,
            String description) {}

    /** All of them, by name. */
    static List<Kamelet> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Kamelet> kamelets = new ArrayList<>();
            for (Path file : files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                String name = String.valueOf(file.getFileName());
                kamelets.add(read(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file)));
            }
            return kamelets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Kamelet read(String name, String yaml) {
        Map<String, Object> spec = Tree.map(Tree.at(Tree.parse(name, yaml), "spec"));
        Map<String, Object> definition = Tree.map(spec.get("definition"));
        Set<String> required = new HashSet<>();
        Tree.list(definition.get("required")).forEach(key -> required.add(String.valueOf(key)));
        List<Parameter> parameters = new ArrayList<>();
        Tree.map(definition.get("properties"))
                .forEach((key, value) -> parameters.add(parameter(key, Tree.map(value), required.contains(key))));
        return new Kamelet(
                name,
                Tree.text(definition.get("title")),
                Tree.text(definition.get("description")).strip(),
                List.copyOf(parameters),
                Tree.list(spec.get("dependencies")).stream()
                        .map(String::valueOf)
                        .filter(dependency -> !dependency.equals("camel:kamelet"))
                        .toList());
    }

    private static Parameter parameter(String name, Map<String, Object> written, boolean required) {
        return new Parameter(
                name,
                Tree.text(written.get("title")),
                Tree.text(written.get("type")),
                Tree.text(written.get("format")).equals("password"),
                required,
                Tree.text(written.get("default")),
                Tree.text(written.get("example")),
                Tree.list(written.get("enum")).stream().map(String::valueOf).toList(),
                Tree.text(written.get("description")).strip());
    }

    boolean has(String parameter) {
        return parameters.stream().anyMatch(one -> one.name().equals(parameter));
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return name;
    }
}

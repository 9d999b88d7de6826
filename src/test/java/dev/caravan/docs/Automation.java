package dev.caravan.docs;

import dev.caravan.automation.AutomationBuilder;
import dev.caravan.automation.JavaModels;
import dev.caravan.samples.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;

/**
 * A shipped automation: a route file, or a class.
 *
 * @param name its id
 * @param file its place in the repository
 * @param comment what is said at its top
 * @param routes what stands below each {@code route:}
 */
record Automation(String name, String file, List<String> comment, List<Map<String, Object>> routes) {
    private static final Path FOLDER = Path.of("routes");
    private static final Pattern DEFAULT = Pattern.compile("\\{\\{[\\w.-]+:([^{}]*)}}");
    private static final Pattern JAVADOC = Pattern.compile("(?s)/\\*\\*(.*?)\\*/\\s*public final class");

    /** All of them, by name. */
    static List<Automation> all() {
        List<Automation> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                all.add(ofFile(file));
            }
            for (RouteBuilder builder : ServiceLoader.load(RouteBuilder.class)) {
                if (builder instanceof AutomationBuilder automation) {
                    all.add(ofClass(automation));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        all.sort(Comparator.comparing(Automation::name));
        return all;
    }

    private static Automation ofFile(Path file) throws IOException {
        String text = Files.readString(file);
        return new Automation(
                String.valueOf(file.getFileName()).replace(".yaml", ""),
                "routes/" + file.getFileName(),
                HeaderComment.lines(text),
                routes(text));
    }

    private static Automation ofClass(AutomationBuilder builder) throws IOException {
        String file = "src/main/java/" + builder.getClass().getName().replace('.', '/') + ".java";
        Matcher comment = JAVADOC.matcher(Files.readString(Path.of(file)));
        List<String> lines = comment.find()
                ? comment.group(1)
                        .lines()
                        .map(line -> line.replaceFirst("^\\s*\\* ?", "").replaceAll("\\{@\\w+ ([^}]*)}", "$1"))
                        .filter(line -> !line.isBlank())
                        .toList()
                : List.of();
        List<Map<String, Object>> routes = routes(JavaModels.yaml(builder));
        routes.forEach(Automation::setEventsApart);
        return new Automation(Tree.text(routes.get(0).get("id")), file, lines, routes);
    }

    /** In Java the events stand in the URI, in a file among its parameters. */
    private static void setEventsApart(Map<String, Object> route) {
        Map<String, Object> from = Tree.map(route.get("from"));
        String[] parts = Tree.text(from.get("uri")).split("\\?events=", 2);
        from.put("uri", parts[0]);
        if (parts.length > 1) {
            from.put("parameters", Map.of("events", parts[1].replaceAll("&.*", "")));
        }
        route.put("from", from);
    }

    private static List<Map<String, Object>> routes(String yaml) {
        List<Map<String, Object>> routes = new ArrayList<>();
        for (Object part : Tree.list(Tree.parse("routes", yaml))) {
            Map<String, Object> route = Tree.map(Tree.map(part).get("route"));
            if (!route.isEmpty()) {
                routes.add(route);
            }
        }
        return List.copyOf(routes);
    }

    /** What it says it does. */
    String description() {
        return Tree.text(routes.get(0).get("description")).strip();
    }

    /** Which sources and events it takes, by the routes that start from the inbox. */
    List<String> takes() {
        List<String> takes = new ArrayList<>();
        for (Map<String, Object> route : routes) {
            String uri = Tree.text(Tree.at(route, "from", "uri"));
            if (uri.startsWith("inbox:")) {
                String events = Tree.text(Tree.at(route, "from", "parameters", "events"));
                takes.add(uri.substring("inbox:".length()) + (events.isEmpty() ? "" : ": " + spaced(events)));
            }
        }
        return takes;
    }

    private static String spaced(String events) {
        return String.join(
                ", ", Arrays.stream(events.split(",")).map(String::strip).toList());
    }

    /** The commands that send it a sample. */
    TreeSet<String> tries() {
        TreeSet<String> tries = new TreeSet<>();
        for (Map<String, Object> route : routes) {
            String uri = Tree.text(Tree.at(route, "from", "uri"));
            String wanted = Tree.text(Tree.at(route, "from", "parameters", "events"));
            for (String source :
                    uri.startsWith("inbox:") ? uri.substring("inbox:".length()).split(",") : new String[0]) {
                Samples.shipped().events(source).stream()
                        .filter(event -> wanted.isEmpty() || takes(wanted, event))
                        .forEach(event -> tries.add("caravan send " + source + " " + event));
            }
        }
        return tries;
    }

    /** @param wanted event types with wildcards, as written; a key counts with its default */
    private static boolean takes(String wanted, String event) {
        return Arrays.stream(DEFAULT.matcher(wanted).replaceAll("$1").split(","))
                .map(pattern -> Arrays.stream(pattern.strip().split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")))
                .anyMatch(event::matches);
    }

    /** The Kamelets that its steps use. */
    TreeSet<String> kamelets() {
        TreeSet<String> kamelets = new TreeSet<>();
        for (String text : Tree.texts(routes)) {
            if (text.startsWith("kamelet:")) {
                kamelets.add(text.substring("kamelet:".length()).replaceAll("[/?].*", ""));
            }
        }
        return kamelets;
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return name;
    }
}

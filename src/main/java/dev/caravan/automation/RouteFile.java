package dev.caravan.automation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What one route file says, read without Camel so that each thing has its line and its place in the text.
 *
 * @param name the file as users name it, {@code routes/x.yaml}
 * @param text its text
 * @param parts the items of its list, in order
 * @param findings what is wrong with it as far as the file alone tells
 */
record RouteFile(String name, String text, List<Part> parts, List<Finding> findings) {

    /** A stretch of the text, in code points; {@code line} of its start counts from 1. */
    record Region(int start, int end, int line) {
        boolean within(Region other) {
            return other.start <= start && end <= other.end;
        }
    }

    /**
     * One item of the list.
     *
     * @param kind its key: {@code route}, {@code beans}, {@code routeConfiguration} …
     * @param id empty where it has none
     * @param from what a route starts from, empty otherwise
     * @param fromLine where that stands
     * @param parameters the scalars of {@code from.parameters}
     * @param names names that the item defines for others: beans, a route configuration
     */
    record Part(
            String kind,
            String id,
            Region region,
            String description,
            String from,
            int fromLine,
            Map<String, FromOption> parameters,
            List<String> names,
            List<Step> steps,
            List<KameletUse> kamelets,
            List<PlaceholderUse> placeholders) {

        boolean isRoute() {
            return kind.equals("route");
        }

        int line() {
            return region.line();
        }
    }

    /** One of {@code from.parameters}, as written. */
    record FromOption(String value, int line) {}

    /** One EIP of a route. {@code id} is empty where the author gave none. */
    record Step(String kind, String id, Region region) {
        String label() {
            return id.isEmpty() ? kind + "@" + region.line() : id;
        }
    }

    /**
     * A Kamelet used by {@code to} with its URI and parameters apart.
     *
     * @param uri where the URI stands
     * @param parameters where the parameters stand, null where there are none
     */
    record KameletUse(
            String name, Step step, Region uri, @Nullable Region parameters, Map<String, Node> values) {
        /** The id of the route that Camel makes of this use; the parameter values travel under it. */
        String routeId(String owner) {
            return owner + "-" + (step.id().isEmpty() ? "line" + step.region().line() : step.id());
        }
    }

    /** A placeholder, and the innermost step it stands in, if it stands in one. */
    record PlaceholderUse(
            Placeholder placeholder, int line, @Nullable Step step) {}

    List<Part> routes() {
        return parts.stream().filter(Part::isRoute).toList();
    }

    /** What stands for the owner's id in Kamelet route ids: the route's id, or the file's stem for a shared part. */
    String ownerId(Part part) {
        return part.isRoute() ? part.id() : stem(name);
    }

    /** Where its first item starts. */
    int firstLine() {
        return parts.isEmpty() ? 1 : parts.get(0).line();
    }

    Optional<Finding> firstError() {
        return findings.stream().filter(Finding::isError).findFirst();
    }

    Map<String, Integer> routeLines() {
        Map<String, Integer> lines = new LinkedHashMap<>();
        routes().stream().filter(route -> !route.id().isEmpty()).forEach(route -> lines.put(route.id(), route.line()));
        return lines;
    }

    /**
     * The line of a step. Camel counts from the step's content, which is a line late or not, so the step is looked up
     * by its id, else by its kind near Camel's line.
     */
    int lineOf(String routeId, @Nullable String stepId, String kind, int camelLine) {
        List<Step> steps = routes().stream()
                .filter(route -> route.id().equals(routeId))
                .flatMap(route -> route.steps().stream())
                .toList();
        return steps.stream()
                .filter(step -> step.id().equals(stepId))
                .map(step -> step.region().line())
                .findFirst()
                .or(() -> steps.stream()
                        .filter(step -> step.kind().equals(kind))
                        .map(step -> step.region().line())
                        .filter(line -> Math.abs(line - camelLine) <= 1)
                        .findFirst())
                .orElse(Math.max(camelLine, 1));
    }

    static String stem(String file) {
        String base = file.substring(file.lastIndexOf('/') + 1);
        return base.replaceFirst("\\.ya?ml$", "").replace('.', '-');
    }
}

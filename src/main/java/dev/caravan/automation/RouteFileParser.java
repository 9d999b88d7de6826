package dev.caravan.automation;

import dev.caravan.automation.RouteFile.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a route file's text into a {@link RouteFile}; never throws, what it cannot read is a finding. A file of comments
 * and blank lines is one without automations, on purpose; one of 0 bytes is a save that went wrong.
 */
final class RouteFileParser {
    private static final String SHAPE = "a route file is a list whose items start with \"- route:\"";
    private static final Set<String> REFUSED = Set.of("rest", "restConfiguration", "routeTemplate", "templatedRoute");

    private final String file;
    private final Kamelets kamelets;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    private RouteFileParser(String file, Kamelets kamelets) {
        this.file = file;
        this.kamelets = kamelets;
    }

    static RouteFile parse(String file, String text, Kamelets kamelets) {
        RouteFileParser parser = new RouteFileParser(file, kamelets);
        parser.read(text);
        return new RouteFile(file, text, List.copyOf(parser.parts), List.copyOf(parser.findings));
    }

    /** Whether the text is well-formed YAML with something in it: what a file being written usually is not yet. */
    static boolean isWellFormed(String text) {
        try {
            return compose("text", text) instanceof SequenceNode;
        } catch (YamlEngineException e) {
            return false;
        }
    }

    private void read(String text) {
        try {
            Node root = compose(file, text);
            if (root == null && text.isEmpty()) {
                error(1, "the file is empty; " + SHAPE + ".");
            } else if (root instanceof SequenceNode list) {
                list.getValue().forEach(this::item);
                if (list.getValue().isEmpty()) {
                    error(1, "the file has no routes; " + SHAPE + ".");
                }
                checkIds();
            } else if (root != null) {
                error(YamlText.line(root), "the file is not a list; " + SHAPE + ".");
            }
        } catch (YamlEngineException e) {
            findings.add(YamlText.unreadable(file, e));
        }
    }

    private static @org.jspecify.annotations.Nullable Node compose(String label, String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(label).build();
        return new Compose(settings).composeString(text).orElse(null);
    }

    private void item(Node node) {
        if (!(node instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
            error(YamlText.line(node), "this item is not a mapping with one key; " + SHAPE + ".");
            return;
        }
        NodeTuple only = mapping.getValue().get(0);
        String kind = YamlText.camelCase(YamlText.scalar(only.getKeyNode()));
        if (REFUSED.contains(kind)) {
            error(
                    YamlText.line(node),
                    "`" + kind + "` is not possible in a route file; "
                            + (kind.startsWith("rest") ? "requests come in through sources." : "make it a Kamelet."));
            return;
        }
        parts.add(new PartReader(file, kind, kamelets, findings).read(mapping, only.getValueNode()));
    }

    private void checkIds() {
        Map<String, Integer> seen = new HashMap<>();
        for (Part part : parts) {
            if (kindsWithRoute(part) && part.id().isEmpty()) {
                error(part.line(), "this route has no id; add `id: a-name` below `- route:`.");
            } else if (part.isRoute()) {
                Integer first = seen.putIfAbsent(part.id(), part.line());
                if (first != null) {
                    error(
                            part.line(),
                            "route id `" + part.id() + "` is already used at line " + first
                                    + " of this file; give one of them another.");
                }
            }
        }
        checkKameletRouteIds(seen);
    }

    /** Two uses may come out at one id: route {@code a-b} step {@code c}, route {@code a} step {@code b-c}. */
    private void checkKameletRouteIds(Map<String, Integer> seen) {
        for (Part part : parts) {
            String owner = part.isRoute() ? part.id() : RouteFile.stem(file);
            for (RouteFile.KameletUse use : part.kamelets()) {
                int line = use.step().region().line();
                Integer first = seen.putIfAbsent(use.routeId(owner), line);
                if (first != null) {
                    error(
                            line,
                            "step `" + use.step().label() + "` and line " + first + " both make `" + use.routeId(owner)
                                    + "`; give the step another id.");
                }
            }
        }
    }

    private static boolean kindsWithRoute(Part part) {
        return part.isRoute() || part.kind().equals("from");
    }

    private void error(int line, String message) {
        findings.add(Finding.error(file, line, message));
    }
}

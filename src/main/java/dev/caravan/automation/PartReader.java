package dev.caravan.automation;

import dev.caravan.automation.RouteFile.FromOption;
import dev.caravan.automation.RouteFile.KameletUse;
import dev.caravan.automation.RouteFile.Part;
import dev.caravan.automation.RouteFile.PlaceholderUse;
import dev.caravan.automation.RouteFile.Region;
import dev.caravan.automation.RouteFile.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one item of a route file; used once. */
final class PartReader {
    private static final Set<String> NO_DESTINATION = Set.of("parameters", "steps", "id", "description", "ref");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final String file;
    private final String kind;
    private final Kamelets known;
    private final List<Finding> findings;
    private final List<Step> steps = new ArrayList<>();
    private final List<KameletUse> kamelets = new ArrayList<>();
    private final List<PlaceholderUse> placeholders = new ArrayList<>();
    private final Set<String> stepIds = new HashSet<>();
    private boolean automatic;

    PartReader(String file, String kind, Kamelets known, List<Finding> findings) {
        this.file = file;
        this.kind = kind;
        this.known = known;
        this.findings = findings;
    }

    Part read(MappingNode item, Node body) {
        Node from = YamlText.child(body, "from");
        automatic = from == null || StepRefusals.concern(fromUri(from));
        if (kind.equals("onCompletion")) {
            refuse(StepRefusals.ofKind(kind), item);
        }
        walk(body, null);
        String id = kind.equals("from") ? "" : checkedId(YamlText.scalar(body, "id"), YamlText.line(body));
        if (kind.equals("route") && from == null) {
            error(YamlText.line(body), "this route has no `from`; an automation starts `from: {uri: inbox:…}`.");
        }
        return new Part(
                kind,
                id,
                YamlText.region(item),
                YamlText.scalar(body, "description").strip(),
                from == null ? "" : fromUri(from),
                from == null ? YamlText.line(body) : fromLine(from),
                from == null ? Map.of() : fromParameters(from),
                names(id, body),
                List.copyOf(steps),
                List.copyOf(kamelets),
                List.copyOf(placeholders));
    }

    private static String fromUri(Node from) {
        return from instanceof ScalarNode ? YamlText.scalar(from) : YamlText.scalar(from, "uri");
    }

    private static int fromLine(Node from) {
        Node uri = YamlText.child(from, "uri");
        return YamlText.line(uri == null ? from : uri);
    }

    private static Map<String, FromOption> fromParameters(Node from) {
        Map<String, FromOption> found = new LinkedHashMap<>();
        if (YamlText.child(from, "parameters") instanceof MappingNode mapping) {
            mapping.getValue()
                    .forEach(tuple -> found.put(
                            YamlText.scalar(tuple.getKeyNode()),
                            new FromOption(YamlText.scalar(tuple.getValueNode()), YamlText.line(tuple.getKeyNode()))));
        }
        return Map.copyOf(found);
    }

    private List<String> names(String id, Node body) {
        if (kind.equals("beans") && body instanceof SequenceNode beans) {
            return beans.getValue().stream()
                    .map(bean -> YamlText.scalar(bean, "name"))
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
        return kind.equals("routeConfiguration") && !id.isEmpty() ? List.of(id) : List.of();
    }

    private void walk(Node node, @Nullable Step step) {
        if (node instanceof ScalarNode scalar) {
            placeholders(scalar, step);
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(child -> walk(child, step));
        } else if (node instanceof MappingNode mapping) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple tuple : mapping.getValue()) {
                entry(tuple, step, keys);
            }
        }
    }

    private void entry(NodeTuple tuple, @Nullable Step step, Set<String> keys) {
        String key = YamlText.camelCase(YamlText.scalar(tuple.getKeyNode()));
        Node value = tuple.getValueNode();
        if (!keys.add(key)) {
            error(YamlText.line(tuple.getKeyNode()), "`" + key + "` stands twice here; remove one.");
        }
        if (YamlText.region(value).start() < YamlText.region(tuple.getKeyNode()).start()) {
            error(YamlText.line(tuple.getKeyNode()), "`" + key + "` is a YAML alias (*name); write its value out.");
        } else if (key.equals("onCompletion") && value instanceof MappingNode) {
            refuse(StepRefusals.ofKind(key), tuple.getKeyNode());
        } else if (key.equals("steps") && value instanceof SequenceNode list) {
            list.getValue().forEach(item -> step(item, step));
        } else {
            walk(value, step);
        }
    }

    private void step(Node item, @Nullable Step outer) {
        if (!(item instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
            walk(item, outer);
            return;
        }
        NodeTuple only = mapping.getValue().get(0);
        String name = YamlText.camelCase(YamlText.scalar(only.getKeyNode()));
        Node body = only.getValueNode();
        String id = YamlText.scalar(body, "id");
        Step step = new Step(name, checkedId(id, YamlText.line(item)), YamlText.region(item));
        steps.add(step);
        checkStep(step);
        refuse(StepRefusals.ofKind(name), item);
        if (StepRefusals.isSender(name)) {
            destination(body);
        }
        if (name.equals("to")) {
            kamelet(step, body);
        }
        walk(mapping, step);
    }

    /** Looks at the URI, or at the expression that gives it; parameters are values. */
    private void destination(Node node) {
        if (node instanceof ScalarNode scalar) {
            refuse(StepRefusals.ofDestination(YamlText.scalar(scalar)), node);
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = YamlText.camelCase(YamlText.scalar(tuple.getKeyNode()));
                if (!NO_DESTINATION.contains(key)) {
                    destination(tuple.getValueNode());
                }
            }
        }
    }

    private void refuse(Optional<String> reason, Node at) {
        reason.filter(text -> automatic).ifPresent(text -> error(YamlText.line(at), text));
    }

    private void checkStep(Step step) {
        int line = step.region().line();
        if (step.kind().equals("kamelet")) {
            error(line, "the `kamelet:` step is not possible; write `- to: {uri: kamelet:NAME}`.");
        } else if (step.id().isEmpty() && StepKinds.isOutsideEffect(step.kind())) {
            findings.add(Finding.warning(
                    file,
                    line,
                    "step `" + step.kind() + "` has no id; add one, attempts and metrics are named by it."));
        }
        if (!step.id().isEmpty() && !stepIds.add(step.id())) {
            error(line, "step id `" + step.id() + "` stands twice in this route; give one of them another.");
        }
    }

    private void kamelet(Step step, Node body) {
        boolean plain = body instanceof ScalarNode;
        Node uri = plain ? body : YamlText.child(body, "uri");
        if (uri == null || !YamlText.scalar(uri).startsWith("kamelet:")) {
            return;
        }
        String path = YamlText.scalar(uri).substring("kamelet:".length());
        boolean query = path.indexOf('?') >= 0;
        String name = path.split("[/?]", 2)[0];
        Node parameters = plain ? null : YamlText.child(body, "parameters");
        Map<String, Node> values = new LinkedHashMap<>();
        if (parameters instanceof MappingNode mapping) {
            mapping.getValue().forEach(tuple -> values.put(YamlText.scalar(tuple.getKeyNode()), tuple.getValueNode()));
        }
        check(step, name, values, !query);
        if (!plain && !query) {
            Region region = parameters == null ? null : YamlText.region(parameters);
            kamelets.add(new KameletUse(name, step, YamlText.region(uri), region, Map.copyOf(values)));
        }
    }

    private void check(Step step, String name, Map<String, Node> values, boolean complete) {
        int line = step.region().line();
        known.find(name)
                .ifPresentOrElse(
                        definition -> {
                            values.forEach((key, value) -> definition
                                    .problemWith(key)
                                    .ifPresent(problem -> error(YamlText.line(value), problem)));
                            definition.required().stream()
                                    .filter(key -> complete && absent(values.get(key)))
                                    .forEach(key -> error(line, "`" + name + "` needs the parameter `" + key + "`."));
                        },
                        () -> error(line, unknown(name)));
    }

    private String unknown(String kamelet) {
        return known.problemWith(kamelet)
                .map(problem -> "the Kamelet `" + kamelet + "` cannot be used: " + problem)
                .orElseGet(() -> "there is no Kamelet `" + kamelet + "`; known are: " + known.names() + ".");
    }

    private static boolean absent(@Nullable Node node) {
        return node == null || YamlText.isNull(node);
    }

    private void placeholders(ScalarNode scalar, @Nullable Step step) {
        String text = scalar.getValue();
        if (Placeholder.unclosed(text)) {
            error(YamlText.line(scalar), "a placeholder opened by {{ is not closed by }}.");
        }
        Placeholder.in(text).forEach(found -> placeholders.add(new PlaceholderUse(found, YamlText.line(scalar), step)));
    }

    private String checkedId(String id, int line) {
        if (!id.isEmpty() && !ID.matcher(id).matches()) {
            error(line, "id `" + id + "` may hold only letters, digits, `.`, `_` and `-`.");
        }
        return id;
    }

    private void error(int line, String message) {
        findings.add(Finding.error(file, line, message));
    }
}

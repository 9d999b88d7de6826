package dev.caravan.docs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A route as a Mermaid flowchart: what it starts from, its decisions, and each step that has an effect. Steps that only
 * prepare values are left out.
 */
final class Diagram {
    private static final Set<String> PREPARES = Set.of(
            "setVariable",
            "setVariables",
            "removeVariable",
            "setBody",
            "setHeader",
            "setHeaders",
            "removeHeader",
            "removeHeaders",
            "setProperty",
            "removeProperty",
            "convertBodyTo",
            "convertVariableTo",
            "transform",
            "marshal",
            "unmarshal");
    private static final String PREPARING_KAMELET = "json-pointer-action";
    private static final Set<String> ENDS = Set.of("stop", "throwException", "rollback");
    private static final Set<String> BOXES =
            Set.of("split", "loop", "multicast", "loadBalance", "circuitBreaker", "saga");
    private static final Pattern OPTIONAL_KEY = Pattern.compile("\\{\\{\\?([\\w.-]+)");

    /** Where the flow is: the next node is reached from here. */
    private record Tail(String node, String label, boolean failed) {}

    private record Step(String kind, Map<String, Object> eip) {
        static Step of(Object written) {
            Map.Entry<String, Object> only =
                    Tree.map(written).entrySet().stream().findFirst().orElseThrow();
            Map<String, Object> eip = Tree.map(only.getValue());
            if (!(only.getValue() instanceof Map)) {
                eip.put(only.getKey().startsWith("to") ? "uri" : "message", only.getValue());
            }
            return new Step(camelCase(only.getKey()), eip);
        }

        private static String camelCase(String name) {
            StringBuilder out = new StringBuilder();
            for (String part : name.split("-", -1)) {
                out.append(
                        out.length() == 0 ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
            }
            return out.toString();
        }

        List<Step> steps() {
            return stepsOf(eip.get("steps"));
        }

        String id() {
            return Tree.text(eip.get("id"));
        }
    }

    private final StringBuilder nodes = new StringBuilder();
    private final List<String> edges = new ArrayList<>();
    private int count;
    private int depth = 1;
    private boolean optional;

    private Diagram() {}

    /** The lines of the flowchart of what stands below {@code route:}. */
    static String of(Map<String, Object> route) {
        Diagram diagram = new Diagram();
        Map<String, Object> from = Tree.map(route.get("from"));
        List<String> label = new ArrayList<>(List.of(Tree.text(from.get("uri"))));
        for (String type : Tree.text(Tree.at(from, "parameters", "events")).split(",", -1)) {
            label.add(type.strip());
        }
        String start = diagram.node("([", label, "])");
        diagram.flow(stepsOf(from.getOrDefault("steps", List.of())), List.of(new Tail(start, "", false)));
        return "flowchart TD\n"
                + diagram.nodes
                + String.join("", diagram.edges)
                + (diagram.optional ? "    classDef optional stroke-dasharray: 4 3\n" : "");
    }

    private static List<Step> stepsOf(@org.jspecify.annotations.Nullable Object written) {
        return (written instanceof Map ? List.<Object>of(written) : Tree.list(written))
                .stream().map(Step::of).toList();
    }

    private List<Tail> flow(List<Step> steps, List<Tail> tails) {
        List<Tail> at = tails;
        for (Step step : steps) {
            at = one(step, at);
        }
        return at;
    }

    private List<Tail> one(Step step, List<Tail> tails) {
        if (!shows(step)) {
            return tails;
        }
        return switch (step.kind()) {
            case "choice" -> choice(step, tails);
            case "filter" -> decision(step, Condition.of(step.eip()), "yes", "no", tails);
            case "idempotentConsumer" ->
                decision(step, "first for " + Condition.of(step.eip()), "first", "done before", tails);
            case "doTry" -> attempt(step, tails);
            case "pipeline", "step" -> flow(step.steps(), tails);
            default -> BOXES.contains(step.kind()) ? box(step, tails) : effect(step, tails);
        };
    }

    /** Whether the step, or one in it, stands in the diagram. */
    private static boolean shows(Step step) {
        return switch (step.kind()) {
            case "choice" -> branches(step).stream().anyMatch(Diagram::anyShows);
            case "filter", "idempotentConsumer", "pipeline", "step" -> anyShows(step);
            default ->
                !PREPARES.contains(step.kind())
                        && !destination(Tree.text(step.eip().get("uri"))).equals(PREPARING_KAMELET);
        };
    }

    private static boolean anyShows(Step step) {
        return step.steps().stream().anyMatch(Diagram::shows);
    }

    private static List<Step> branches(Step choice) {
        List<Step> branches = new ArrayList<>();
        Tree.list(choice.eip().get("when")).forEach(when -> branches.add(new Step("when", Tree.map(when))));
        branches.add(new Step("otherwise", Tree.map(choice.eip().get("otherwise"))));
        return branches;
    }

    private List<Tail> choice(Step choice, List<Tail> tails) {
        String node = node("{{", List.of(choice.id().isEmpty() ? "choice" : choice.id()), "}}");
        connect(tails, node);
        List<Tail> out = new ArrayList<>();
        for (Step branch : branches(choice)) {
            String label = branch.kind().equals("when") ? Condition.of(branch.eip()) : "otherwise";
            out.addAll(flow(branch.steps(), List.of(new Tail(node, label, false))));
        }
        return out;
    }

    private List<Tail> decision(Step step, String question, String yes, String no, List<Tail> tails) {
        String node = node("{{", labels(step, question), "}}");
        connect(tails, node);
        List<Tail> out = new ArrayList<>(flow(step.steps(), List.of(new Tail(node, yes, false))));
        out.add(new Tail(node, no, false));
        return out;
    }

    private List<Tail> box(Step step, List<Tail> tails) {
        String said = Condition.of(step.eip());
        List<String> label = labels(step, step.kind() + (said.isEmpty() ? "" : ": each of " + said));
        if (!anyShows(step)) {
            return effect(step, tails);
        }
        open(label);
        List<Tail> out = new ArrayList<>();
        if (step.kind().equals("multicast") || step.kind().equals("loadBalance")) {
            step.steps().forEach(branch -> out.addAll(flow(List.of(branch), tails)));
        } else {
            out.addAll(flow(step.steps(), tails));
        }
        close();
        return out;
    }

    private List<Tail> attempt(Step step, List<Tail> tails) {
        String box = open(labels(step, "try"));
        List<Tail> out = new ArrayList<>(flow(step.steps(), tails));
        close();
        for (Object written : Tree.list(step.eip().get("doCatch"))) {
            Step caught = new Step("doCatch", Tree.map(written));
            String when = Condition.of(Tree.map(caught.eip().get("onWhen")));
            out.addAll(flow(caught.steps(), List.of(new Tail(box, when.isEmpty() ? "fails" : "fails, " + when, true))));
        }
        return flow(stepsOf(Tree.at(step.eip(), "doFinally", "steps")), out);
    }

    private List<Tail> effect(Step step, List<Tail> tails) {
        Set<String> keys = new LinkedHashSet<>();
        for (String text : Tree.texts(step.eip())) {
            Matcher key = OPTIONAL_KEY.matcher(text);
            while (key.find()) {
                keys.add(key.group(1));
            }
        }
        String what = destination(Tree.text(step.eip().get("uri")));
        List<String> label = labels(step, what.isEmpty() ? step.kind() : what);
        if (!keys.isEmpty()) {
            label.add("only with " + listed(keys));
        }
        boolean inner = what.startsWith("direct:");
        String node = node(inner ? "[[" : "[", label, (inner ? "]]" : "]") + (keys.isEmpty() ? "" : ":::optional"));
        optional |= !keys.isEmpty();
        connect(tails, node);
        return ENDS.contains(step.kind()) ? List.of() : List.of(new Tail(node, "", false));
    }

    /** {@code jira.token, .project} */
    private static String listed(Set<String> keys) {
        StringBuilder out = new StringBuilder();
        String kind = "";
        for (String key : keys) {
            String same = key.substring(0, key.lastIndexOf('.') + 1);
            boolean again = !same.isEmpty() && same.equals(kind);
            out.append(out.length() == 0 ? "" : ", ").append(again ? key.substring(same.length() - 1) : key);
            kind = same;
        }
        return out.toString();
    }

    private static String destination(String uri) {
        String plain = uri.replaceAll("\\?.*$", "");
        return plain.startsWith("kamelet:")
                ? plain.substring("kamelet:".length()).replaceAll("/.*$", "")
                : plain;
    }

    private static List<String> labels(Step step, String what) {
        List<String> labels = new ArrayList<>();
        labels.add(step.id());
        labels.add(what);
        return labels;
    }

    private String node(String open, List<String> label, String close) {
        String id = "n" + ++count;
        line(id + open + quoted(label) + close);
        return id;
    }

    private String open(List<String> label) {
        String id = "s" + ++count;
        line("subgraph " + id + "[" + quoted(label) + "]");
        depth++;
        return id;
    }

    private void close() {
        depth--;
        line("end");
    }

    private void line(String text) {
        nodes.append("    ".repeat(depth)).append(text).append('\n');
    }

    private void connect(List<Tail> tails, String node) {
        for (Tail tail : tails) {
            String arrow = tail.failed() ? " -.->" : " -->";
            String label = tail.label().isEmpty() ? " " : "|" + quoted(List.of(tail.label())) + "| ";
            edges.add("    " + tail.node() + arrow + label + node + "\n");
        }
    }

    /** A quoted Mermaid text, one line for each label that is not empty. */
    private static String quoted(List<String> labels) {
        List<String> lines = new ArrayList<>();
        labels.stream().filter(label -> !label.isEmpty()).map(Diagram::escaped).forEach(lines::add);
        return "\"" + String.join("<br/>", lines) + "\"";
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> {
            if ("#\"<>&`\\".indexOf(c) >= 0 || c < ' ') {
                out.append('#').append(c).append(';');
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}

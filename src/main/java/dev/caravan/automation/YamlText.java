package dev.caravan.automation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.automation.RouteFile.Region;
import java.math.BigDecimal;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML nodes: their text, their place, and their value as a Kamelet parameter. */
final class YamlText {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private YamlText() {}

    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    static Region region(Node node) {
        int start = node.getStartMark().map(Mark::getIndex).orElse(0);
        int end = node.getEndMark().map(Mark::getIndex).orElse(start);
        return new Region(start, end, line(node));
    }

    /** The scalar's text, empty for anything else. */
    static String scalar(Node node) {
        return node instanceof ScalarNode scalar && !Tag.NULL.equals(scalar.getTag()) ? scalar.getValue() : "";
    }

    static @Nullable Node child(Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (camelCase(scalar(tuple.getKeyNode())).equals(key)) {
                    return tuple.getValueNode();
                }
            }
        }
        return null;
    }

    static String scalar(Node node, String key) {
        Node child = child(node, key);
        return child == null ? "" : scalar(child);
    }

    static boolean isNull(Node node) {
        return Tag.NULL.equals(node.getTag());
    }

    /** A parameter's value: a scalar as written, a mapping or list as JSON text. {@code change} sees each scalar. */
    static String value(Node node, UnaryOperator<String> change) {
        return node instanceof ScalarNode scalar
                ? change.apply(scalar.getValue())
                : json(node, change).toString();
    }

    private static JsonNode json(Node node, UnaryOperator<String> change) {
        if (node instanceof SequenceNode list) {
            ArrayNode array = JSON.arrayNode();
            list.getValue().forEach(item -> array.add(json(item, change)));
            return array;
        }
        if (node instanceof MappingNode mapping) {
            ObjectNode object = JSON.objectNode();
            mapping.getValue()
                    .forEach(tuple -> object.set(scalar(tuple.getKeyNode()), json(tuple.getValueNode(), change)));
            return object;
        }
        return scalarJson(((ScalarNode) node), change);
    }

    private static JsonNode scalarJson(ScalarNode node, UnaryOperator<String> change) {
        Tag tag = node.getTag();
        if (Tag.NULL.equals(tag)) {
            return JSON.nullNode();
        }
        if (Tag.BOOL.equals(tag)) {
            return JSON.booleanNode(Boolean.parseBoolean(node.getValue()));
        }
        if (Tag.INT.equals(tag) || Tag.FLOAT.equals(tag)) {
            try {
                return DecimalNode.valueOf(new BigDecimal(node.getValue()));
            } catch (NumberFormatException e) {
                return JSON.textNode(node.getValue());
            }
        }
        return JSON.textNode(change.apply(node.getValue()));
    }

    /** {@code route-configuration} and {@code routeConfiguration} are the same key to Camel. */
    static String camelCase(String key) {
        if (key.indexOf('-') < 0) {
            return key;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            boolean dash = key.charAt(i) == '-' && i + 1 < key.length();
            out.append(dash ? Character.toUpperCase(key.charAt(++i)) : key.charAt(i));
        }
        return out.toString();
    }

    /** The finding for a text that is not YAML. */
    static Finding unreadable(String file, YamlEngineException failure) {
        int line = 0;
        String cause = failure.getMessage();
        if (failure instanceof MarkedYamlEngineException marked) {
            line = marked.getProblemMark()
                    .or(marked::getContextMark)
                    .map(Mark::getLine)
                    .orElse(0);
            cause = marked.getProblem();
        }
        return Finding.error(file, line + 1, sentence("the YAML cannot be read: " + cause));
    }

    /** The first line, with a full stop. */
    static String sentence(String text) {
        String line = text.strip().lines().findFirst().orElse("").strip();
        return line.endsWith(".") ? line : line + ".";
    }
}

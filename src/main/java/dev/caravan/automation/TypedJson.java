package dev.caravan.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.converter.stream.InputStreamCache;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON that tells their types: text, boolean, null, Integer, Double and List stand as JSON has them, and any
 * other value stands in an object with one field, its type.
 */
final class TypedJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper PLAIN = JsonMapper.builder().build();
    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** A value has a type that this cannot write; the message names it and where it stands. */
    static final class Unsupported extends Exception {
        private static final long serialVersionUID = 1L;

        Unsupported(String message) {
            super(message);
        }
    }

    private TypedJson() {}

    static String write(@Nullable Object value) throws Unsupported {
        JsonNode tree = tree(value);
        try {
            String text = PLAIN.writeValueAsString(tree);
            // Half a surrogate pair, which JSON allows and UTF-8 does not, must be escaped.
            return StandardCharsets.UTF_8.newEncoder().canEncode(text) ? text : ASCII.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A JSON tree can be written", e);
        }
    }

    static JsonNode tree(@Nullable Object value) throws Unsupported {
        return tree(value, "it");
    }

    private static JsonNode tree(@Nullable Object value, String place) throws Unsupported {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof String text) {
            return NODES.textNode(text);
        }
        if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        }
        if (value instanceof Number number) {
            return number(number, place);
        }
        if (value instanceof List<?> list) {
            ArrayNode array = NODES.arrayNode(list.size());
            for (int i = 0; i < list.size(); i++) {
                array.add(tree(list.get(i), place + "[" + i + "]"));
            }
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            return typed("map", fields(map, place));
        }
        if (value instanceof byte[] bytes) {
            return typed("bytes", NODES.textNode(Base64.getEncoder().encodeToString(bytes)));
        }
        if (value instanceof InputStreamCache stream) {
            return typed("stream", NODES.textNode(Base64.getEncoder().encodeToString(StoredStream.bytes(stream))));
        }
        if (value instanceof JsonNode json) {
            return typed("json", json.deepCopy());
        }
        throw new Unsupported(place + " is a " + value.getClass().getName());
    }

    private static ObjectNode fields(Map<?, ?> map, String place) throws Unsupported {
        ObjectNode fields = NODES.objectNode();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new Unsupported("a key of " + place + " is no text");
            }
            fields.set(name, tree(entry.getValue(), place.equals("it") ? name : place + "." + name));
        }
        return fields;
    }

    private static JsonNode number(Number number, String place) throws Unsupported {
        if (number instanceof Integer whole) {
            return NODES.numberNode(whole);
        }
        if (number instanceof Double real && Double.isFinite(real)) {
            return NODES.numberNode(real);
        }
        String type = typeOf(number);
        if (type.isEmpty()) {
            throw new Unsupported(place + " is a " + number.getClass().getName());
        }
        return typed(type, NODES.textNode(number.toString()));
    }

    private static String typeOf(Number number) {
        if (number instanceof Long) {
            return "long";
        }
        if (number instanceof Double) {
            return "double";
        }
        if (number instanceof Float) {
            return "float";
        }
        if (number instanceof Short) {
            return "short";
        }
        if (number instanceof Byte) {
            return "byte";
        }
        if (number.getClass() == BigDecimal.class) {
            return "decimal";
        }
        return number.getClass() == BigInteger.class ? "integer" : "";
    }

    private static JsonNode typed(String type, JsonNode value) {
        return NODES.objectNode().set(type, value);
    }

    /** The value that {@link #write} wrote. */
    static @Nullable Object read(String text) {
        try {
            return value(PLAIN.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The record of a step is not JSON.", e);
        }
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isObject()) {
            Map.Entry<String, JsonNode> only = node.properties().iterator().next();
            return typedValue(only.getKey(), only.getValue());
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>(node.size());
            node.forEach(item -> list.add(value(item)));
            return list;
        }
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isTextual() ? node.textValue() : node.numberValue();
    }

    private static Object typedValue(String type, JsonNode value) {
        String text = value.asText();
        return switch (type) {
            case "map" -> map(value);
            case "bytes" -> Base64.getDecoder().decode(text);
            case "stream" -> StoredStream.of(Base64.getDecoder().decode(text));
            case "json" -> value;
            case "long" -> Long.valueOf(text);
            case "double" -> Double.valueOf(text);
            case "float" -> Float.valueOf(text);
            case "short" -> Short.valueOf(text);
            case "byte" -> Byte.valueOf(text);
            case "decimal" -> new BigDecimal(text);
            case "integer" -> new BigInteger(text);
            default -> throw new IllegalArgumentException("The record of a step has the unknown type " + type + ".");
        };
    }

    private static Map<String, @Nullable Object> map(JsonNode fields) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        fields.properties().forEach(field -> map.put(field.getKey(), value(field.getValue())));
        return map;
    }
}

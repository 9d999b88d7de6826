package dev.caravan.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A YAML document as maps and lists, in the order of the file; what is absent is empty. */
final class Tree {
    private Tree() {}

    static @Nullable Object parse(String label, String yaml) {
        return new Load(LoadSettings.builder().setLabel(label).build()).loadFromString(yaml);
    }

    static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> given) {
            given.forEach((key, entry) -> {
                if (entry != null) {
                    map.put(String.valueOf(key), entry);
                }
            });
        }
        return map;
    }

    static List<Object> list(@Nullable Object value) {
        return value instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }

    static String text(@Nullable Object value) {
        return value == null || value instanceof Map || value instanceof List ? "" : String.valueOf(value);
    }

    /** The value at a path of names. */
    static @Nullable Object at(@Nullable Object root, String... path) {
        Object at = root;
        for (String name : path) {
            at = map(at).get(name);
        }
        return at;
    }

    /** Every text in it, at any depth. */
    static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        collect(value, texts);
        return texts;
    }

    private static void collect(@Nullable Object value, List<String> texts) {
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(entry -> collect(entry, texts));
        } else if (value instanceof List<?> list) {
            list.forEach(entry -> collect(entry, texts));
        } else if (value != null) {
            texts.add(String.valueOf(value));
        }
    }
}

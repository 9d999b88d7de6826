package dev.caravan.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** HTTP headers: names in lower case whatever their case was, in order, each with all its values. Immutable. */
public final class Headers {
    private final Map<String, List<String>> values;

    private Headers(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Names that differ only in case are one header. */
    public static Headers of(Map<String, List<String>> headers) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        headers.forEach((name, all) -> values.merge(name.toLowerCase(Locale.ROOT), List.copyOf(all), Headers::joined));
        return new Headers(Collections.unmodifiableMap(values));
    }

    /** The values of a header, none if it is missing. */
    public List<String> all(String name) {
        List<String> found = values.get(name);
        return found != null ? found : values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The names, in lower case. */
    public Set<String> names() {
        return values.keySet();
    }

    /** The value of a header that was sent exactly once and is not blank. */
    @Nullable String single(String name) {
        List<String> all = all(name);
        return all.size() == 1 && !all.get(0).isBlank() ? all.get(0) : null;
    }

    /** Why a header has no {@link #single} value. */
    String whyNotSingle(String name) {
        List<String> all = all(name);
        String state = all.isEmpty() ? "is missing" : all.size() == 1 ? "is empty" : "was sent more than once";
        return "The header " + name + " " + state + ".";
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return List.copyOf(both);
    }
}

package dev.caravan.settings;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code {{key}}}, {@code {{key:default}}}, {@code {{?key}}}, {@code {{env:X}}}, {@code {{env:X:default}}} and
 * {@code {{sys:x}}}. A default may hold placeholders, and so may the value of a key. A key whose value is empty counts
 * as one without a value.
 */
final class Placeholders {
    /** Named as missing where a placeholder has no end. */
    static final String UNCLOSED = "{{ without }}";

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final int DEPTH_LIMIT = 32;

    private final UnaryOperator<@Nullable String> keys;
    private final UnaryOperator<@Nullable String> environment;
    private final UnaryOperator<@Nullable String> system;

    Placeholders(
            UnaryOperator<@Nullable String> keys,
            UnaryOperator<@Nullable String> environment,
            UnaryOperator<@Nullable String> system) {
        this.keys = keys;
        this.environment = environment;
        this.system = system;
    }

    static boolean in(String text) {
        return text.contains(OPEN);
    }

    /**
     * The text with its placeholders replaced; null where one has no value.
     *
     * @param missing gets the name of each placeholder that needs a value and has none; an optional one is not named
     */
    @Nullable String resolve(String text, Set<String> missing) {
        return resolve(text, missing, new ArrayDeque<>());
    }

    /** Like {@link #resolve(String, Set)} for the value of a key, so that a key that refers to itself is found. */
    @Nullable String resolveValue(String key, String text, Set<String> missing) {
        Deque<String> trail = new ArrayDeque<>();
        trail.push(key);
        return resolve(text, missing, trail);
    }

    /** What to say of a key that needs a placeholder without a value. */
    static String noValue(String key, String placeholder) {
        return placeholder.equals(UNCLOSED)
                ? key + " holds {{ without }}; close the placeholder."
                : key + " refers to {{" + placeholder + "}}, which has no value; set it, or give a default as in {{"
                        + placeholder + ":}}.";
    }

    private @Nullable String resolve(String text, Set<String> missing, Deque<String> trail) {
        int open = text.indexOf(OPEN);
        if (open < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        boolean whole = true;
        int done = 0;
        while (open >= 0) {
            int close = closing(text, open);
            if (close < 0) {
                missing.add(UNCLOSED);
                return null;
            }
            String value = value(text.substring(open + OPEN.length(), close).strip(), missing, trail);
            result.append(text, done, open).append(value == null ? "" : value);
            whole &= value != null;
            done = close + CLOSE.length();
            open = text.indexOf(OPEN, done);
        }
        return whole ? result.append(text, done, text.length()).toString() : null;
    }

    private static int closing(String text, int open) {
        int depth = 0;
        int at = open;
        while (at < text.length()) {
            if (text.startsWith(OPEN, at)) {
                depth++;
                at += OPEN.length();
            } else if (text.startsWith(CLOSE, at)) {
                if (--depth == 0) {
                    return at;
                }
                at += CLOSE.length();
            } else {
                at++;
            }
        }
        return -1;
    }

    private @Nullable String value(String inner, Set<String> missing, Deque<String> trail) {
        boolean optional = inner.startsWith("?");
        String expression = optional ? inner.substring(1) : inner;
        boolean function = expression.startsWith("env:") || expression.startsWith("sys:");
        int colon = expression.indexOf(':', function ? 4 : 0);
        String name = (colon < 0 ? expression : expression.substring(0, colon)).strip();
        if (trail.contains(name) || trail.size() > DEPTH_LIMIT) {
            missing.add(name + " (which refers to itself)");
            return null;
        }
        trail.push(name);
        try {
            // A value that cannot be resolved is explained only where no default stands in for it.
            Set<String> inValue = new LinkedHashSet<>();
            String found = found(name, inValue, trail);
            if (found != null) {
                return found;
            }
            if (colon >= 0) {
                return resolve(expression.substring(colon + 1), missing, trail);
            }
            if (!optional) {
                missing.addAll(inValue.isEmpty() ? Set.of(name) : inValue);
            }
            return null;
        } finally {
            trail.pop();
        }
    }

    private @Nullable String found(String name, Set<String> missing, Deque<String> trail) {
        String raw;
        if (name.startsWith("env:")) {
            raw = environment.apply(name.substring(4));
        } else if (name.startsWith("sys:")) {
            raw = system.apply(name.substring(4));
        } else {
            String written = keys.apply(name);
            raw = written == null ? null : resolve(written, missing, trail);
        }
        return raw == null || raw.isEmpty() ? null : raw;
    }
}

package dev.caravan.settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The keys as written, their values with placeholders replaced, and what of those may be shown. */
final class Values {
    private final TreeMap<String, String> written;
    private final TreeMap<String, String> resolved = new TreeMap<>();
    private final Map<String, String> withoutValue = new LinkedHashMap<>();
    private final Placeholders placeholders;
    private final Set<String> secrets = new ConcurrentSkipListSet<>();

    Values(
            Map<String, String> written,
            UnaryOperator<@Nullable String> environment,
            UnaryOperator<@Nullable String> system) {
        this.written = new TreeMap<>(written);
        this.placeholders = new Placeholders(
                key -> written.containsKey(key) ? written.get(key) : system.apply(key), environment, system);
        this.written.forEach(this::resolveKey);
    }

    /** The keys that start with a prefix. */
    Set<String> keys(String prefix) {
        Set<String> keys = new TreeSet<>();
        for (String key : written.tailMap(prefix).keySet()) {
            if (!key.startsWith(prefix)) {
                break;
            }
            keys.add(key);
        }
        return keys;
    }

    boolean isWrittenEmpty(String key) {
        return written.getOrDefault(key, "").isEmpty();
    }

    @Nullable String resolved(String key) {
        return resolved.get(key);
    }

    Map<String, String> resolved() {
        return resolved;
    }

    /** By key, the first placeholder that has no value. */
    Map<String, String> withoutValue() {
        return withoutValue;
    }

    @Nullable String resolve(String text, Set<String> missing) {
        return placeholders.resolve(text, missing);
    }

    /** Hides these values wherever they turn up. */
    void hide(Collection<String> more) {
        secrets.addAll(more);
    }

    String shown(String key) {
        String text = written.getOrDefault(key, "");
        return Placeholders.in(text) && Secrecy.isSecret(text)
                ? Secret.MASK
                : Secrecy.shown(key, resolved.getOrDefault(key, text), secrets);
    }

    private void resolveKey(String key, String text) {
        Set<String> missing = new LinkedHashSet<>();
        String value = placeholders.resolveValue(key, text, missing);
        if (value == null) {
            missing.stream().findFirst().ifPresent(name -> withoutValue.put(key, name));
            return;
        }
        resolved.put(key, value);
        if (Secrecy.isSecret(key)) {
            hide(Lists.split(value));
            hide(Set.of(value));
        }
    }
}

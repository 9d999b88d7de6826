package dev.caravan.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sources as they are configured now. They change together. Safe for use by several threads. */
public final class CurrentSources {
    private volatile Map<String, Source> byName;

    public CurrentSources(List<Source> sources) {
        this.byName = byName(sources);
    }

    /** Takes the place of all that were there. */
    public void replace(List<Source> sources) {
        byName = byName(sources);
    }

    /** Null where there is none of this name. */
    public @Nullable Source get(String name) {
        return byName.get(name);
    }

    public Optional<Source> find(String name) {
        return Optional.ofNullable(get(name));
    }

    /** All, in order of their names. */
    public List<Source> all() {
        return List.copyOf(byName.values());
    }

    private static Map<String, Source> byName(List<Source> sources) {
        Map<String, Source> map = new LinkedHashMap<>();
        sources.forEach(source -> map.put(source.name(), source));
        return map;
    }
}

package dev.caravan.runtime;

import dev.caravan.settings.Settings;
import dev.caravan.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What became different between two readings of the settings, by name: no value is held.
 *
 * @param later changed keys that only the next start reads
 */
record SourceChanges(Set<String> added, Set<String> removed, Set<String> changed, Set<String> later) {
    private static final String SOURCES = "caravan.source.";
    private static final String PUBLIC_URL = "caravan.public-url";

    static SourceChanges between(List<Source> oldSources, Settings before, List<Source> newSources, Settings after) {
        Set<String> keys = changedKeys(before.properties(), after.properties());
        Map<String, Source> old = new TreeMap<>();
        oldSources.forEach(source -> old.put(source.name(), source));
        Set<String> added = new TreeSet<>();
        Set<String> changed = new TreeSet<>();
        for (Source source : newSources) {
            Source was = old.remove(source.name());
            if (was == null) {
                added.add(source.name());
            } else if (!source.hasSameSecretsAs(was)
                    || keys.contains(PUBLIC_URL)
                    || keys.stream().anyMatch(key -> key.startsWith(SOURCES + source.name() + "."))) {
                changed.add(source.name());
            }
        }
        Set<String> later = new TreeSet<>(keys);
        later.removeIf(key -> key.startsWith(SOURCES) || key.equals(PUBLIC_URL));
        return new SourceChanges(added, new TreeSet<>(old.keySet()), changed, later);
    }

    private static Set<String> changedKeys(Properties before, Properties after) {
        Set<String> keys = new TreeSet<>(before.stringPropertyNames());
        keys.addAll(after.stringPropertyNames());
        keys.removeIf(key -> Objects.equals(before.getProperty(key), after.getProperty(key)));
        return keys;
    }

    boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty() && later.isEmpty();
    }

    /** The sources for which quarantined requests may verify now. */
    Set<String> toLookAt() {
        Set<String> names = new TreeSet<>(added);
        names.addAll(changed);
        return names;
    }

    /** Sentences for the log. */
    @Override
    public String toString() {
        List<String> sentences = new ArrayList<>();
        tell(sentences, "New sources: ", added);
        tell(sentences, "Removed sources, answered 404 from now on: ", removed);
        tell(sentences, "Changed sources: ", changed);
        tell(sentences, "Read only at the next start: ", later);
        return String.join(" ", sentences);
    }

    private static void tell(List<String> sentences, String what, Set<String> names) {
        if (!names.isEmpty()) {
            sentences.add(what + String.join(", ", names) + ".");
        }
    }
}

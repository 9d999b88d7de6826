package dev.caravan.automation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides from one reading of a directory after another which changes are settled: a changed file must read the same
 * for some readings, longer where it does not look complete, and changes are given out together once all are settled,
 * so that both halves of a rename are.
 */
final class FileWatch {
    private static final int QUIET_READINGS = 3;
    private static final int QUIET_READINGS_INCOMPLETE = 15;
    private static final int PATIENCE = 50;

    private record Pending(@Nullable String text, int readings) {}

    private final Predicate<String> looksComplete;
    private final Map<String, String> given;
    private final Map<String, Pending> pending = new HashMap<>();
    private int waited;

    /**
     * @param known the files already dealt with
     * @param looksComplete false for a text that may be half written
     */
    FileWatch(Map<String, String> known, Predicate<String> looksComplete) {
        this.given = new HashMap<>(known);
        this.looksComplete = looksComplete;
    }

    boolean isSettling() {
        return !pending.isEmpty();
    }

    /** Takes a reading; returns the changes that are settled with it, empty text for a deleted file. */
    Map<String, Optional<String>> reading(Map<String, String> now) {
        Set<String> names = new HashSet<>(now.keySet());
        names.addAll(given.keySet());
        names.addAll(pending.keySet());
        names.forEach(name -> observe(name, now.get(name)));
        waited = pending.isEmpty() ? 0 : waited + 1;
        if (waited < PATIENCE && !pending.values().stream().allMatch(this::isSettled)) {
            return Map.of();
        }
        return give();
    }

    private void observe(String name, @Nullable String text) {
        if (Objects.equals(text, given.get(name))) {
            pending.remove(name);
            return;
        }
        Pending before = pending.get(name);
        int same = before != null && Objects.equals(before.text(), text) ? before.readings() : 0;
        pending.put(name, new Pending(text, same + 1));
    }

    private boolean isSettled(Pending change) {
        String text = change.text();
        boolean complete = text == null || looksComplete.test(text);
        return change.readings() >= (complete ? QUIET_READINGS : QUIET_READINGS_INCOMPLETE);
    }

    private Map<String, Optional<String>> give() {
        Map<String, Optional<String>> changes = new TreeMap<>();
        pending.forEach((name, change) -> {
            if (isSettled(change)) {
                changes.put(name, Optional.ofNullable(change.text()));
            }
        });
        changes.forEach((name, text) -> {
            pending.remove(name);
            text.ifPresentOrElse(now -> given.put(name, now), () -> given.remove(name));
        });
        if (!changes.isEmpty()) {
            waited = 0;
        }
        return changes;
    }
}

package dev.caravan.settings;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Remembers which keys somebody read or will read, and says what an unknown one was probably meant to be. */
final class KnownKeys {
    private final Set<String> read = new ConcurrentSkipListSet<>();
    private final Set<String> sections = new ConcurrentSkipListSet<>();
    private final Set<String> patterns = new ConcurrentSkipListSet<>(Set.of("caravan.automation.*.enabled"));

    void read(String key) {
        read.add(key);
    }

    void section(String prefix) {
        sections.add(prefix);
    }

    void expect(String pattern) {
        patterns.add(pattern);
    }

    /** A sentence about the key if nobody knows it. */
    Optional<String> unknown(String key) {
        if (read.contains(key) || patterns.stream().anyMatch(pattern -> matches(pattern, key))) {
            return Optional.empty();
        }
        String suggestion = Suggestion.nearest(key, read)
                .or(() -> inPattern(key))
                .or(() -> inSection(key))
                .map(near -> "; did you mean " + near + "?")
                .orElse("; remove it, or see the commented application.properties for the keys there are.");
        return Optional.of(key + " is not a setting that Caravan knows" + suggestion);
    }

    private static boolean matches(String pattern, String key) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(key);
        }
        String end = pattern.substring(star + 1);
        return key.length() > pattern.length() - 1 && key.startsWith(pattern.substring(0, star)) && key.endsWith(end);
    }

    private Optional<String> inPattern(String key) {
        for (String pattern : patterns) {
            int star = pattern.indexOf('*');
            int lastDot = key.lastIndexOf('.');
            if (star >= 0 && lastDot > star && key.startsWith(pattern.substring(0, star))) {
                String filled = pattern.substring(0, star) + key.substring(star, lastDot) + pattern.substring(star + 1);
                if (Suggestion.nearest(key, Set.of(filled)).isPresent()) {
                    return Optional.of(filled);
                }
            }
        }
        return Optional.empty();
    }

    /** {@code caravan.sorce.koji.preset}: the section is mistyped, so no key in it was ever read. */
    private Optional<String> inSection(String key) {
        for (String section : sections) {
            int end = -1;
            for (long dots = section.chars().filter(c -> c == '.').count(); dots >= 0; dots--) {
                end = key.indexOf('.', end + 1);
                if (end < 0) {
                    break;
                }
            }
            if (end > 0
                    && Suggestion.nearest(key.substring(0, end), Set.of(section))
                            .isPresent()) {
                return Optional.of(section + key.substring(end));
            }
        }
        return Optional.empty();
    }
}

package dev.caravan.docs;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of application.properties that an automation reads. */
final class Keys {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\??)([A-Za-z][\\w-]*(?:\\.[\\w-]+)+)(:|}})");

    private Keys() {}

    /** Those without which it, or a step of it, does not run. */
    static Set<String> needed(Automation automation) {
        return in(automation, true);
    }

    /** Those that have a default and that its comment does not name. */
    static Set<String> unnamed(Automation automation) {
        Set<String> keys = in(automation, false);
        keys.removeIf(key -> isNamed(automation, key));
        return keys;
    }

    private static Set<String> in(Automation automation, boolean needed) {
        Set<String> keys = new TreeSet<>();
        for (String text : Tree.texts(automation.routes())) {
            Matcher found = PLACEHOLDER.matcher(text);
            while (found.find()) {
                if (found.group(3).equals("}}") == needed) {
                    keys.add(found.group(2));
                }
            }
        }
        return keys;
    }

    /** Whether the comment names it: whole, or beside another of its kind as {@code .list-id} or {@code …}. */
    static boolean isNamed(Automation automation, String key) {
        int dot = key.lastIndexOf('.');
        String kind = key.substring(0, dot + 1);
        String rest = key.substring(dot);
        return automation.comment().stream()
                .anyMatch(line -> line.contains(key)
                        || (line.contains(kind) && (line.contains(" " + rest) || line.contains("…"))));
    }
}

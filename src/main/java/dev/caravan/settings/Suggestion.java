package dev.caravan.settings;

import java.util.Collection;
import java.util.Optional;

/** What somebody who mistyped a name probably meant. */
public final class Suggestion {
    private Suggestion() {}

    /** The known name with the fewest edits from the given one, if those are few for its length. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        int allowed = Math.max(1, Math.min(4, name.length() / 4));
        String best = null;
        int bestDistance = allowed + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - name.length()) < bestDistance) {
                int distance = distance(name, candidate);
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Ends a problem's sentence: {@code "; did you mean X?"}, or the advice where nothing is near. */
    public static String orAdvice(String name, Collection<String> known, String advice) {
        return nearest(name, known).map(near -> "; did you mean " + near + "?").orElse("; " + advice);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
    static int distance(String from, String to) {
        int[] beforePrevious = new int[to.length() + 1];
        int[] previous = new int[to.length() + 1];
        int[] current = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int cost = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            int[] reused = beforePrevious;
            beforePrevious = previous;
            previous = current;
            current = reused;
        }
        return previous[to.length()];
    }
}

package dev.caravan.automation;

import dev.caravan.automation.RouteFile.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Replaces stretches of a YAML text so that every other line keeps its number: what follows a stretch stays on its line
 * and in its column. An edit within another is dropped.
 */
final class TextEdits {
    private record Edit(Region region, String replacement) {}

    private final List<Edit> edits = new ArrayList<>();

    void replace(Region region, String replacement) {
        edits.add(new Edit(region, replacement));
    }

    String apply(String text) {
        int[] points = text.codePoints().toArray();
        List<Edit> ordered = new ArrayList<>(edits);
        ordered.sort(Comparator.comparingInt((Edit edit) -> edit.region().start())
                .thenComparing(edit -> -edit.region().end()));
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        for (Edit edit : ordered) {
            if (edit.region().start() >= at) {
                append(out, points, at, edit.region().start());
                out.append(edit.replacement());
                blank(out, points, edit.region());
                at = edit.region().end();
            }
        }
        append(out, points, at, points.length);
        return out.toString();
    }

    /** The stretch's line breaks, and the indentation after the last one where the stretch ends before a next item. */
    private static void blank(StringBuilder out, int[] points, Region region) {
        int lastLineStart = -1;
        for (int i = region.start(); i < region.end(); i++) {
            if (points[i] == '\n' || (points[i] == '\r' && !(i + 1 < points.length && points[i + 1] == '\n'))) {
                out.append('\n');
                lastLineStart = i + 1;
            }
        }
        if (lastLineStart >= 0 && isBlank(points, lastLineStart, region.end())) {
            append(out, points, lastLineStart, region.end());
        }
    }

    private static boolean isBlank(int[] points, int from, int to) {
        for (int i = from; i < to; i++) {
            if (points[i] != ' ' && points[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder out, int[] points, int from, int to) {
        for (int i = from; i < to; i++) {
            out.appendCodePoint(points[i]);
        }
    }
}

package dev.caravan.sink;

import dev.caravan.sink.RichText.Break;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Style;
import dev.caravan.sink.RichText.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in a line, brought into the form that {@link RichText.Inline} promises. */
final class Inlines {
    private Inlines() {}

    static List<Inline> of(String text, Style style, @Nullable String href) {
        return split(new Text(text, style.bold(), style.italic(), style.code(), href));
    }

    /** A text with its line breaks as {@link Break}s. */
    static List<Inline> split(Text text) {
        List<Inline> inlines = new ArrayList<>();
        String[] lines = text.text().split("\n", -1);
        for (int index = 0; index < lines.length; index++) {
            if (index > 0) {
                inlines.add(new Break());
            }
            if (!lines[index].isEmpty()) {
                inlines.add(text.with(lines[index]));
            }
        }
        return inlines;
    }

    /** Texts of one appearance joined, without breaks at the ends; none if there is nothing to be seen. */
    static List<Inline> tidy(List<Inline> inlines) {
        List<Inline> tidy = new ArrayList<>();
        for (Inline inline : inlines) {
            Inline last = tidy.isEmpty() ? null : tidy.get(tidy.size() - 1);
            if (last instanceof Text before && inline instanceof Text text && alike(before, text)) {
                tidy.set(tidy.size() - 1, before.with(before.text() + text.text()));
            } else if (last != null || !(inline instanceof Break)) {
                tidy.add(inline);
            }
        }
        while (!tidy.isEmpty() && tidy.get(tidy.size() - 1) instanceof Break) {
            tidy.remove(tidy.size() - 1);
        }
        boolean seen = tidy.stream()
                .anyMatch(inline -> inline instanceof Text text && !text.text().isBlank());
        return seen ? List.copyOf(tidy) : List.of();
    }

    private static boolean alike(Text one, Text other) {
        return one.with("").equals(other.with(""));
    }
}

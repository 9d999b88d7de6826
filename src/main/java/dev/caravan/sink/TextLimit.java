package dev.caravan.sink;

import dev.caravan.sink.RichText.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Cuts texts to the lengths that destinations take. Lengths are counted in UTF-16 units, the stricter of the counts that a
 * destination may use; no cut is made within a surrogate pair, and a text that was cut ends in "…".
 */
public final class TextLimit {
    private static final String CUT = "…";

    private TextLimit() {}

    /**
     * The text, or its beginning with an ellipsis in {@code limit} units.
     *
     * @param limit at least 1
     */
    public static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, before(text, limit - 1)) + CUT;
    }

    /**
     * The text in pieces of at most {@code limit} units, none empty.
     *
     * @param limit at least 2
     */
    public static List<String> pieces(String text, int limit) {
        List<String> pieces = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = start + limit >= text.length() ? text.length() : before(text, start + limit);
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    /** The place, or one before it if it is within a surrogate pair. */
    private static int before(String text, int end) {
        return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    /** The beginning of the blocks whose texts, line breaks counted as one, have at most {@code limit} units; items and blocks without any are left out. */
    public static List<Block> cut(List<Block> blocks, int limit) {
        BlockBudget budget = new BlockBudget(limit);
        return blocks.stream().map(budget::cut).flatMap(Optional::stream).toList();
    }

    /**
     * The longest rendering of the blocks' beginning that has at most {@code limit} units, markup included.
     *
     * @param renderer for example {@code HtmlText::of}; its output grows with the text
     */
    public static String fit(List<Block> blocks, int limit, Function<List<Block>, String> renderer) {
        String whole = renderer.apply(blocks);
        if (whole.length() <= limit) {
            return whole;
        }
        String fitting = "";
        int least = 1;
        int most = limit;
        while (least <= most) {
            int middle = least + (most - least) / 2;
            String rendered = renderer.apply(cut(blocks, middle));
            if (rendered.length() <= limit) {
                fitting = rendered;
                least = middle + 1;
            } else {
                most = middle - 1;
            }
        }
        return fitting;
    }
}

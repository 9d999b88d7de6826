package dev.caravan.source;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in a header a signature or timestamp stands.
 *
 * @param prefix what stands before it
 * @param prefixOptional whether a value without the prefix counts as well
 * @param separator between the parts of a header that holds a list; empty where the header is one value
 */
record HeaderPart(String header, String prefix, boolean prefixOptional, String separator) {
    /** More parts than any vendor sends; bounds the comparisons of one request. */
    private static final int PARTS_LIMIT = 32;

    /** What follows the prefix, for each part that has it. */
    List<String> in(String value) {
        List<String> found = new ArrayList<>(2);
        int start = 0;
        for (int parts = 0; parts < PARTS_LIMIT && start <= value.length(); parts++) {
            int next = separator.isEmpty() ? -1 : value.indexOf(separator, start);
            int end = next < 0 ? value.length() : next;
            String part =
                    separator.isEmpty() ? value : value.substring(start, end).strip();
            if (part.startsWith(prefix)) {
                found.add(part.substring(prefix.length()));
            } else if (prefixOptional) {
                found.add(part);
            }
            start = end + Math.max(1, separator.length());
        }
        return found;
    }
}

package dev.caravan.settings;

import java.util.ArrayList;
import java.util.List;

/** Lists as settings write them. */
public final class Lists {
    private Lists() {}

    /** The parts between commas, without surrounding white space, without empty ones. */
    public static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            String part = text.substring(start, end).strip();
            if (!part.isEmpty()) {
                parts.add(part);
            }
            start = end + 1;
        }
        return parts;
    }
}

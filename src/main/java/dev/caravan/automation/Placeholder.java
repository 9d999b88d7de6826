package dev.caravan.automation;

import java.util.ArrayList;
import java.util.List;

/**
 * One outermost <code>{{…}}</code> in a text.
 *
 * @param written the whole, braces included
 * @param body what stands between the braces, without the {@code ?} of an optional one
 * @param optional written <code>{{?key}}</code>: without a value its step is skipped
 */
record Placeholder(String written, String body, boolean optional) {

    String required() {
        return "{{" + body + "}}";
    }

    static List<Placeholder> in(String text) {
        List<Placeholder> found = new ArrayList<>();
        int at = text.indexOf("{{");
        while (at >= 0) {
            int end = closing(text, at);
            if (end < 0) {
                break;
            }
            String inner = text.substring(at + 2, end).strip();
            boolean optional = inner.startsWith("?");
            found.add(new Placeholder(text.substring(at, end + 2), optional ? inner.substring(1) : inner, optional));
            at = text.indexOf("{{", end + 2);
        }
        return found;
    }

    /** Whether the text opens a placeholder that it does not close. */
    static boolean unclosed(String text) {
        int at = text.indexOf("{{");
        while (at >= 0) {
            int end = closing(text, at);
            if (end < 0) {
                return true;
            }
            at = text.indexOf("{{", end + 2);
        }
        return false;
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i + 1 < text.length(); i++) {
            if (text.startsWith("{{", i)) {
                depth++;
                i++;
            } else if (text.startsWith("}}", i)) {
                depth--;
                if (depth == 0) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}

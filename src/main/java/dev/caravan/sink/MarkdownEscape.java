package dev.caravan.sink;

import java.util.regex.Pattern;

/**
 * Text for Markdown, each character that could mean something behind a backslash: by CommonMark at any place or at a line's
 * beginning, or by an extension that makes mentions, links or emoji of words.
 */
final class MarkdownEscape {
    private static final Pattern ANYWHERE = Pattern.compile("[\\\\`*_{}\\[\\]<>#|~&!$@^]"
            + "|:(?=//)|(?<=mailto):|:(?=[A-Za-z0-9_+-]+:)" // URLs, emoji names
            + "|(?<=[\\p{L}\\p{N}])\\.(?=\\p{L})"); // host names
    private static final Pattern ITEM = Pattern.compile("^(\\d{1,9})([.)])");

    private MarkdownEscape() {}

    /** @param lineStart whether the text begins a line, where white space would be lost or begin a code block */
    static String of(String text, boolean lineStart) {
        String escaped = ANYWHERE.matcher(text).replaceAll("\\\\$0");
        if (!lineStart || escaped.isEmpty()) {
            return escaped;
        }
        return switch (escaped.charAt(0)) {
            case ' ' -> "&#32;" + escaped.substring(1);
            case '\t' -> "&#9;" + escaped.substring(1);
            case '-', '+', '=', ':' -> "\\" + escaped;
            default -> ITEM.matcher(escaped).replaceFirst("$1\\\\$2");
        };
    }
}

package dev.caravan.docs;

import java.util.regex.Pattern;

/** Text for a Markdown page (GitHub's flavour). */
final class Markdown {
    private static final Pattern MEANS_SOMETHING = Pattern.compile("[\\\\`*_<>\\[\\]]");

    private Markdown() {}

    /** Text that shows as it is, in a paragraph. */
    static String plain(String text) {
        return MEANS_SOMETHING.matcher(text).replaceAll("\\\\$0");
    }

    /** The same, in a table's cell. */
    static String cell(String text) {
        return plain(text).replace("|", "\\|").replaceAll("\\s*\\n\\s*", "<br>");
    }

    /** Code in a table's cell, one piece for each line; empty for no text. */
    static String code(String text) {
        StringBuilder out = new StringBuilder();
        for (String line : text.lines().filter(one -> !one.isBlank()).toList()) {
            String ticks = line.contains("`") ? "``" : "`";
            String pad = line.contains("`") ? " " : "";
            out.append(out.length() == 0 ? "" : "<br>")
                    .append(ticks)
                    .append(pad)
                    .append(line.strip().replace("|", "\\|"))
                    .append(pad)
                    .append(ticks);
        }
        return out.toString();
    }
}

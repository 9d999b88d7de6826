package dev.caravan.sink;

import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Text;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a line, as Markdown. Where an emphasis would not be read as one because of what stands beside it
 * (CommonMark's left- and right-flanking delimiter runs), its text stands without.
 */
final class MarkdownLine {
    private static final Pattern BACKTICKS = Pattern.compile("`+");

    private final List<Inline> inlines;
    private final StringBuilder line = new StringBuilder();

    /** Whether a code span stands right before: the backticks of a second one would become one with its own. */
    private boolean afterCode;

    /** Whether an emphasis stands right before: its asterisks and those of a second one would be matched otherwise. */
    private boolean afterEmphasis;

    private MarkdownLine(List<Inline> inlines) {
        this.inlines = inlines;
    }

    /** @param lineBreak what stands for a line break */
    static String of(List<Inline> inlines, String lineBreak) {
        return new MarkdownLine(inlines).render(lineBreak);
    }

    private String render(String lineBreak) {
        boolean start = true;
        for (int index = 0; index < inlines.size(); index++) {
            if (inlines.get(index) instanceof Text text) {
                add(text, start, index);
                start = false;
            } else {
                line.append(lineBreak);
                after(false, false);
                start = true;
            }
        }
        return line.toString();
    }

    private void add(Text text, boolean start, int index) {
        String href = text.href();
        if (href != null) {
            Text label = new Text(text.text(), text.bold(), text.italic(), text.code(), null);
            line.append('[')
                    .append(of(List.of(label), ""))
                    .append("](<")
                    .append(href.replace("&", "\\&"))
                    .append(">)");
            after(false, false);
        } else if (text.code() && !afterCode) {
            line.append(code(text.text()));
            after(true, false);
        } else {
            line.append(emphasis(text, start, opens(start), closes(index)));
        }
    }

    private void after(boolean code, boolean emphasis) {
        afterCode = code;
        afterEmphasis = emphasis;
    }

    /** Whether an emphasis can begin here whatever its text is. */
    private boolean opens(boolean start) {
        return start || isSpace(line.codePointBefore(line.length()));
    }

    /** Whether an emphasis can end behind that text whatever the text is. */
    private boolean closes(int index) {
        Inline next = index + 1 < inlines.size() ? inlines.get(index + 1) : null;
        return !(next instanceof Text text)
                || (text.href() == null && !text.code() && isSpace(text.text().codePointAt(0)));
    }

    private String emphasis(Text text, boolean start, boolean opens, boolean closes) {
        String whole = text.text();
        int from = 0;
        while (from < whole.length() && isSpace(whole.codePointAt(from))) {
            from++;
        }
        int to = whole.length();
        while (to > from && isSpace(whole.codePointBefore(to))) {
            to--;
        }
        String marks = (text.bold() ? "**" : "") + (text.italic() ? "*" : "");
        boolean possible = from < to
                && !(afterEmphasis && from == 0)
                && (opens || from > 0 || Character.isLetterOrDigit(whole.codePointAt(from)))
                && (closes || to < whole.length() || Character.isLetterOrDigit(whole.codePointBefore(to)));
        if (marks.isEmpty() || text.code() || !possible) {
            after(false, false);
            return MarkdownEscape.of(whole, start);
        }
        after(false, to == whole.length());
        String before = MarkdownEscape.of(whole.substring(0, from), start);
        String inner = MarkdownEscape.of(whole.substring(from, to), start && from == 0);
        return before + marks + inner + marks + whole.substring(to);
    }

    /** All spaces of Unicode are single units. */
    private static boolean isSpace(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point);
    }

    private static String code(String text) {
        int longest = 0;
        Matcher runs = BACKTICKS.matcher(text);
        while (runs.find()) {
            longest = Math.max(longest, runs.end() - runs.start());
        }
        boolean spaces = text.startsWith(" ") && text.endsWith(" ") && !text.isBlank();
        String pad = spaces || text.startsWith("`") || text.endsWith("`") ? " " : "";
        String fence = "`".repeat(longest + 1);
        return fence + pad + text + pad + fence;
    }
}

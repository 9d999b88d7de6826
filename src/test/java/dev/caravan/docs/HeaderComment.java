package dev.caravan.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The comment at the top of a route file: paragraphs, and lists, whose lines are indented: a key or several, two spaces or
 * more, what it is. What goes on in the next line is indented further.
 */
final class HeaderComment {
    private static final Pattern ITEM = Pattern.compile(" {1,4}(\\S+(?: \\S+)*)(?: {2,}(.*))?");
    private static final Pattern KEY = Pattern.compile("[\\w-]*\\.[\\w.…-]+|[\\w-]+|…");
    private static final Pattern MORE = Pattern.compile(" {5,}(\\S.*)");

    private final List<String> out = new ArrayList<>();
    private final StringBuilder paragraph = new StringBuilder();
    private @Nullable StringBuilder item;
    private boolean described;

    private HeaderComment() {}

    /** The comment's lines without {@code #}. */
    static List<String> lines(String file) {
        return file.lines()
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.substring(1))
                .map(line -> line.startsWith(" ") ? line.substring(1) : line)
                .toList();
    }

    /** The comment as Markdown. */
    static String markdown(List<String> lines) {
        HeaderComment comment = new HeaderComment();
        lines.forEach(comment::read);
        comment.endParagraph();
        comment.endItem();
        return String.join("\n", comment.out).strip().replaceAll("\n{3,}", "\n\n") + "\n";
    }

    private void read(String line) {
        Matcher key = ITEM.matcher(line);
        Matcher more = MORE.matcher(line);
        if (line.isBlank()) {
            endParagraph();
            endItem();
            out.add("");
        } else if (key.matches()) {
            boolean first = item == null;
            endParagraph();
            endItem();
            if (first) {
                out.add("");
            }
            String said = key.group(2) == null ? "" : ": " + Markdown.plain(key.group(2));
            item = new StringBuilder("- " + named(key.group(1)) + said);
            described = key.group(2) != null;
        } else if (more.matches() && item != null) {
            item.append(described ? " " : ": ").append(Markdown.plain(more.group(1)));
            described = true;
        } else {
            if (item != null) {
                endItem();
                out.add("");
            }
            paragraph.append(paragraph.length() == 0 ? "" : " ").append(Markdown.plain(line.strip()));
        }
    }

    /** Keys, separated by commas, as code; what is no key as it is. */
    private static String named(String keys) {
        List<String> names = List.of(keys.split(", ", -1));
        return names.stream().allMatch(name -> KEY.matcher(name).matches())
                ? "`" + String.join("`, `", names) + "`"
                : Markdown.plain(keys);
    }

    private void endParagraph() {
        if (paragraph.length() > 0) {
            out.add(paragraph.toString());
            paragraph.setLength(0);
        }
    }

    private void endItem() {
        if (item != null) {
            out.add(item.toString());
            item = null;
        }
    }
}

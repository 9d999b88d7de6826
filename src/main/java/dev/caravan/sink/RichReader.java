package dev.caravan.sink;

import dev.caravan.sink.RichText.Style;
import java.util.List;
import org.apache.camel.CamelContext;

/** Reads the markup within a line of the author's. What does not close is text. */
final class RichReader {
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final RichSource source;
    private final String text;
    private final Style style;
    private final CamelContext camel;
    private final List<RichSpan> spans;
    private final StringBuilder literal = new StringBuilder();
    private int at;

    RichReader(RichSource source, Style style, CamelContext camel, List<RichSpan> spans) {
        this.source = source;
        this.text = source.text();
        this.style = style;
        this.camel = camel;
        this.spans = spans;
    }

    void read() {
        while (at < text.length()) {
            char character = text.charAt(at);
            boolean isMarkup = switch (character) {
                case RichSource.MARK -> placeholder();
                case '\\' -> escape();
                case '`' -> code();
                case '*' -> bold();
                case '_' -> italic();
                case '[' -> link();
                default -> false;
            };
            if (!isMarkup) {
                literal.append(character);
                at++;
            }
        }
        closeLiteral();
    }

    private boolean placeholder() {
        closeLiteral();
        spans.add(new RichSpan(source.placeholder(at), style));
        at++;
        return true;
    }

    private boolean escape() {
        if (at + 1 == text.length() || PUNCTUATION.indexOf(text.charAt(at + 1)) < 0) {
            return false;
        }
        literal.append(text.charAt(at + 1));
        at += 2;
        return true;
    }

    private boolean code() {
        int end = text.indexOf('`', at + 1);
        if (end <= at + 1) {
            return false;
        }
        closeLiteral();
        for (int next = at + 1; next < end; next++) {
            if (text.charAt(next) == RichSource.MARK) {
                addCode();
                spans.add(new RichSpan(source.placeholder(next), style.asCode()));
            } else {
                literal.append(text.charAt(next));
            }
        }
        addCode();
        at = end + 1;
        return true;
    }

    private void addCode() {
        close(style.asCode());
    }

    private boolean bold() {
        if (style.bold() || !text.startsWith("**", at) || isBlank(at + 2)) {
            return false;
        }
        int end = find("**", at + 2);
        while (end >= 0 && isBlank(end - 1)) {
            end = find("**", end + 1);
        }
        return end > at + 2 && inner(at + 2, end, 2, style.asBold());
    }

    private boolean italic() {
        if (style.italic() || isWord(at - 1) || isBlank(at + 1)) {
            return false;
        }
        int end = find("_", at + 1);
        while (end >= 0 && (isBlank(end - 1) || isWord(end + 1))) {
            end = find("_", end + 1);
        }
        return end > at + 1 && inner(at + 1, end, 1, style.asItalic());
    }

    private boolean link() {
        int labelEnd = style.link() == null ? closing('[', ']', at) : -1;
        if (labelEnd <= at + 1 || !text.startsWith("(", labelEnd + 1)) {
            return false;
        }
        int end = closing('(', ')', labelEnd + 1);
        String target = end < 0 ? "" : text.substring(labelEnd + 2, end);
        if (target.isBlank()) {
            return false;
        }
        TextTemplate template = source.slice(labelEnd + 2, end).strip().template(Escaping.URL, camel);
        return inner(at + 1, labelEnd, end + 1 - labelEnd, style.linked(template));
    }

    /** Reads what is within a markup in its style, and goes on behind it. */
    private boolean inner(int from, int to, int closing, Style inner) {
        closeLiteral();
        new RichReader(source.slice(from, to), inner, camel, spans).read();
        at = to + closing;
        return true;
    }

    /** Where a mark stands next that no backslash makes text; -1 if nowhere. */
    private int find(String mark, int from) {
        for (int next = from; next < text.length(); next++) {
            if (text.charAt(next) == '\\') {
                next++;
            } else if (text.startsWith(mark, next)) {
                return next;
            }
        }
        return -1;
    }

    private int closing(char open, char close, int from) {
        int depth = 0;
        for (int next = from; next < text.length(); next++) {
            char character = text.charAt(next);
            if (character == '\\') {
                next++;
            } else if (character == open) {
                depth++;
            } else if (character == close && --depth == 0) {
                return next;
            }
        }
        return -1;
    }

    private boolean isBlank(int index) {
        return index >= text.length() || Character.isWhitespace(text.charAt(index));
    }

    private boolean isWord(int index) {
        if (index < 0 || index >= text.length()) {
            return false;
        }
        char character = text.charAt(index);
        return Character.isLetterOrDigit(character) || character == RichSource.MARK || character == '_';
    }

    private void closeLiteral() {
        close(style);
    }

    private void close(Style how) {
        if (!literal.isEmpty()) {
            spans.add(new RichSpan(new TextTemplate.Literal(literal.toString()), how));
            literal.setLength(0);
        }
    }
}

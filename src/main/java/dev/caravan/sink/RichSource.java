package dev.caravan.sink;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;

/**
 * A piece of the author's text in which each placeholder is one opaque character ({@link #MARK}, which no text can hold),
 * so that what reads the text's markup cannot look into a placeholder.
 *
 * @param placeholders those of the text's marks, in order
 */
record RichSource(String text, List<Placeholder> placeholders) {
    static final char MARK = '\uffff';

    static RichSource of(String text, CamelContext camel) {
        StringBuilder marked = new StringBuilder();
        List<Placeholder> placeholders = new ArrayList<>();
        for (TextTemplate.Part part : TemplateScan.parts(text, Escaping.TEXT, camel)) {
            if (part instanceof Placeholder placeholder) {
                placeholders.add(placeholder);
                marked.append(MARK);
            } else if (part instanceof TextTemplate.Literal literal) {
                marked.append(Escaping.TEXT.escape(literal.text()));
            }
        }
        return new RichSource(marked.toString(), List.copyOf(placeholders));
    }

    List<RichSource> lines() {
        List<RichSource> lines = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            lines.add(slice(start, end));
            start = end + 1;
        }
        lines.add(slice(start, text.length()));
        return lines;
    }

    RichSource slice(int from, int to) {
        int first = marks(0, from);
        return new RichSource(text.substring(from, to), placeholders.subList(first, first + marks(from, to)));
    }

    RichSource strip() {
        int start = text.length() - text.stripLeading().length();
        return slice(start, Math.max(start, text.stripTrailing().length()));
    }

    /** The placeholder whose mark stands there. */
    Placeholder placeholder(int at) {
        return placeholders.get(marks(0, at));
    }

    private int marks(int from, int to) {
        return (int) text.substring(from, to).chars().filter(c -> c == MARK).count();
    }

    /** The text as a template of its own, its values escaped in another way. */
    TextTemplate template(Escaping escaping, CamelContext camel) {
        StringBuilder source = new StringBuilder();
        int next = 0;
        for (char character : text.replace("${", "\\${").toCharArray()) {
            if (character == MARK) {
                source.append(placeholders.get(next++).source());
            } else {
                source.append(character);
            }
        }
        return TextTemplate.of(source.toString(), escaping, camel);
    }
}

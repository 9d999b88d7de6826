package dev.caravan.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A text of a route's author with Camel Simple placeholders <code>${…}</code>. The author's text stands as it is; each value
 * is turned into text and escaped for where it stands.
 *
 * <ul>
 *   <li>Placeholders may be nested: braces are balanced. <code>\${</code> is a literal <code>${</code>.
 *   <li>An absent value (null, or a path through what is absent) is the empty text; a map or list is its JSON text.
 *   <li>A line in which there are placeholders and all of them are empty is left out, with its line break.
 *   <li>Simple's operators ({@code ==}, {@code ?:}) work inside a placeholder as far as Simple takes them there; outside
 *       they are text. A value that looks like a placeholder is text: nothing is evaluated twice.
 * </ul>
 *
 * Built once per route; safe for use by several threads.
 */
public final class TextTemplate {
    private final List<Line> lines;

    private TextTemplate(List<Line> lines) {
        this.lines = lines;
    }

    /**
     * Reads a template.
     *
     * @param text the author's text, its {@link ParameterCode} already undone
     * @throws IllegalArgumentException if a <code>${</code> is not closed or its expression is not Simple
     */
    public static TextTemplate of(String text, Escaping escaping, CamelContext context) {
        List<Line> lines = new ArrayList<>();
        List<Part> line = new ArrayList<>();
        for (Part part : TemplateScan.parts(text, escaping, context)) {
            if (part instanceof Literal literal) {
                lines.addAll(linesOf(literal, line));
            } else {
                line.add(part);
            }
        }
        lines.add(new Line(List.copyOf(line)));
        return new TextTemplate(List.copyOf(lines));
    }

    /** Closes a line at each line break of the literal; what follows the last one stays in {@code open}. */
    private static List<Line> linesOf(Literal literal, List<Part> open) {
        List<Line> closed = new ArrayList<>();
        String rest = literal.text();
        for (int end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
            open.add(new Literal(rest.substring(0, end + 1)));
            closed.add(new Line(List.copyOf(open)));
            open.clear();
            rest = rest.substring(end + 1);
        }
        if (!rest.isEmpty()) {
            open.add(new Literal(rest));
        }
        return closed;
    }

    /** The text for this exchange. A trailing line break that a left-out last line leaves behind is removed. */
    public String render(Exchange exchange) {
        StringBuilder text = new StringBuilder();
        boolean lastLeftOut = false;
        for (Line line : lines) {
            Optional<String> rendered = line.render(exchange);
            rendered.ifPresent(text::append);
            lastLeftOut = rendered.isEmpty();
        }
        if (lastLeftOut && !text.isEmpty() && text.charAt(text.length() - 1) == '\n') {
            text.setLength(text.length() - 1);
        }
        return text.toString();
    }

    /**
     * The text for this exchange, or, where every line would be left out, the author's words without values: for a text
     * that has to say something.
     */
    public String renderWords(Exchange exchange) {
        String text = render(exchange);
        return text.isBlank() ? fixed().strip() : text;
    }

    /** Whether the text depends on the exchange. */
    public boolean hasPlaceholders() {
        return lines.stream().anyMatch(Line::hasPlaceholders);
    }

    /** The author's words: the whole text where it does not depend on the exchange. */
    public String fixed() {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            for (Part part : line.parts()) {
                if (part instanceof Literal literal) {
                    text.append(literal.text());
                }
            }
        }
        return text.toString();
    }

    /**
     * The value: where the text is one placeholder and nothing else, with the type that the payload gave it, maps and lists
     * as plain {@link java.util.Map}s and {@link List}s and texts unescaped; otherwise the text.
     *
     * @return null if there is none: the placeholder's is absent, or all of the text's are empty
     */
    public @Nullable Object value(Exchange exchange) {
        Placeholder single = single().orElse(null);
        if (single != null) {
            return single.plain(exchange);
        }
        String text = render(exchange);
        return text.isEmpty() && hasPlaceholders() ? null : text;
    }

    /** The placeholder that the whole text is, if it is one and nothing else. */
    Optional<Placeholder> single() {
        List<Part> parts = lines.get(0).parts();
        boolean one = lines.size() == 1 && parts.size() == 1;
        return one && parts.get(0) instanceof Placeholder placeholder ? Optional.of(placeholder) : Optional.empty();
    }

    sealed interface Part permits Literal, Placeholder {}

    record Literal(String text) implements Part {}

    private record Line(List<Part> parts) {
        boolean hasPlaceholders() {
            return parts.stream().anyMatch(Placeholder.class::isInstance);
        }

        Optional<String> render(Exchange exchange) {
            StringBuilder text = new StringBuilder();
            boolean valued = false;
            for (Part part : parts) {
                if (part instanceof Placeholder placeholder) {
                    String value = placeholder.text(exchange);
                    valued |= !value.isEmpty();
                    text.append(value);
                } else if (part instanceof Literal literal) {
                    text.append(literal.text());
                }
            }
            return hasPlaceholders() && !valued ? Optional.empty() : Optional.of(text.toString());
        }
    }
}

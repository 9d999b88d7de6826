package dev.caravan.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/**
 * One line of a {@link RichText}.
 *
 * @param level of a heading
 */
record RichLine(Kind kind, int level, List<RichSpan> spans) {
    private static final Pattern BEGINNING = Pattern.compile("(#{1,6}|[-*]|\\d{1,9}[.)])\\s+(?=\\S)");

    enum Kind {
        BLANK,
        TEXT,
        HEADING,
        BULLET,
        NUMBERED
    }

    static RichLine of(RichSource source, CamelContext camel) {
        RichSource line = source.strip();
        if (line.text().isEmpty()) {
            return new RichLine(Kind.BLANK, 0, List.of());
        }
        Matcher beginning = BEGINNING.matcher(line.text());
        if (!beginning.lookingAt()) {
            return new RichLine(Kind.TEXT, 0, RichSpan.read(line, camel));
        }
        String marker = beginning.group(1);
        List<RichSpan> spans =
                RichSpan.read(line.slice(beginning.end(), line.text().length()), camel);
        return switch (marker.charAt(0)) {
            case '#' -> new RichLine(Kind.HEADING, marker.length(), spans);
            case '-', '*' -> new RichLine(Kind.BULLET, 0, spans);
            default -> new RichLine(Kind.NUMBERED, 0, spans);
        };
    }

    /** What stands in the line: once, once for each element of a list, or not at all. */
    List<List<RichText.Inline>> render(Exchange exchange) {
        List<RichText.Text> elements =
                isItem() && spans.size() == 1 ? spans.get(0).elements(exchange) : null;
        if (elements != null) {
            return elements.stream()
                    .map(element -> Inlines.tidy(Inlines.split(element)))
                    .filter(item -> !item.isEmpty())
                    .toList();
        }
        List<RichText.Inline> inlines = new ArrayList<>();
        boolean valued = false;
        for (RichSpan span : spans) {
            RichSpan.Rendered rendered = span.render(exchange);
            valued |= rendered.valued();
            inlines.addAll(Inlines.split(rendered.text()));
        }
        boolean leftOut = !valued && spans.stream().anyMatch(RichSpan::hasPlaceholders);
        List<RichText.Inline> tidy = leftOut ? List.of() : Inlines.tidy(inlines);
        return tidy.isEmpty() ? List.of() : List.of(tidy);
    }

    private boolean isItem() {
        return kind == Kind.BULLET || kind == Kind.NUMBERED;
    }
}

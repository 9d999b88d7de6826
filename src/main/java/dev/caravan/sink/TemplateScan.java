package dev.caravan.sink;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;

/** Cuts an author's text into what stands as it is and its placeholders. */
final class TemplateScan {
    private final String text;
    private final Escaping escaping;
    private final CamelContext context;
    private final List<TextTemplate.Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    private TemplateScan(String text, Escaping escaping, CamelContext context) {
        this.text = text;
        this.escaping = escaping;
        this.context = context;
    }

    static List<TextTemplate.Part> parts(String text, Escaping escaping, CamelContext context) {
        return new TemplateScan(text, escaping, context).scan();
    }

    private List<TextTemplate.Part> scan() {
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("\\${", at)) {
                literal.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                int end = closingBrace(at);
                String before = closeLiteral();
                parts.add(Placeholder.of(text.substring(at, end), escaping, before, context));
                at = end;
            } else {
                literal.append(text.charAt(at++));
            }
        }
        closeLiteral();
        return parts;
    }

    private String closeLiteral() {
        String closed = literal.toString();
        literal.setLength(0);
        if (!closed.isEmpty()) {
            parts.add(new TextTemplate.Literal(closed));
        }
        // An empty "before" means the text's beginning only: between two adjacent placeholders it is not one.
        return closed.isEmpty() && !parts.isEmpty() ? "}" : closed;
    }

    private int closingBrace(int start) {
        int depth = 0;
        for (int at = start + 1; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '{') {
                depth++;
            } else if (character == '}' && --depth == 0) {
                return at + 1;
            }
        }
        throw new IllegalArgumentException(
                "The placeholder at character " + (start + 1) + " of a template is not closed: add its }");
    }
}

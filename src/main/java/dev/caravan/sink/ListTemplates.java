package dev.caravan.sink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A parameter with several texts, separated by commas or line breaks of the author's: labels, ids, tags, mailboxes. A comma
 * that a value brings or that stands between double quotes separates nothing, and an entry that is one <code>${…}</code> with a list as its value is one text for each element.
 * Built once per route; safe for use by several threads.
 */
public final class ListTemplates {
    private final List<TextTemplate> entries;
    private final Escaping escaping;

    private ListTemplates(List<TextTemplate> entries, Escaping escaping) {
        this.entries = entries;
        this.escaping = escaping;
    }

    /**
     * Reads a parameter.
     *
     * @param text the parameter's value, its {@link ParameterCode} already undone; null: no texts
     * @throws IllegalArgumentException if a <code>${</code> is not closed or its expression is not Simple
     */
    public static ListTemplates of(@Nullable String text, Escaping escaping, CamelContext camel) {
        List<TextTemplate> entries = new ArrayList<>();
        for (String entry : split(text == null ? "" : text)) {
            if (!entry.isBlank()) {
                entries.add(TextTemplate.of(entry.strip(), escaping, camel));
            }
        }
        return new ListTemplates(List.copyOf(entries), escaping);
    }

    private static List<String> split(String text) {
        List<String> entries = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (depth > 0) {
                depth += character == '{' ? 1 : character == '}' ? -1 : 0;
            } else if (text.startsWith("${", at)) {
                depth = 1;
                at++;
            } else if (character == '"') {
                quoted = !quoted;
            } else if (character == '\n' || (character == ',' && !quoted)) {
                entries.add(text.substring(start, at));
                start = at + 1;
            }
        }
        entries.add(text.substring(start));
        return entries;
    }

    /** The author's entries without placeholders. */
    public List<String> fixed() {
        return entries.stream()
                .filter(entry -> !entry.hasPlaceholders())
                .map(TextTemplate::fixed)
                .toList();
    }

    /** As {@link #render(Exchange)}, each cut to {@code longest} UTF-16 units, at most {@code most}. */
    public List<String> render(Exchange exchange, int longest, int most) {
        return render(exchange).stream()
                .map(text -> TextLimit.cut(text, longest))
                .distinct()
                .limit(most)
                .toList();
    }

    /** The texts for this exchange in the author's order: none blank, none twice, without space around them. */
    public List<String> render(Exchange exchange) {
        Set<String> texts = new LinkedHashSet<>();
        for (TextTemplate entry : entries) {
            for (Object value : values(entry.value(exchange))) {
                boolean scalar = value instanceof String || value instanceof Number || value instanceof Boolean;
                String text = scalar ? escaping.escape(value.toString()).strip() : "";
                if (!text.isEmpty()) {
                    texts.add(text);
                }
            }
        }
        return List.copyOf(texts);
    }

    private static List<?> values(@Nullable Object value) {
        if (value instanceof Object[] array) {
            return Arrays.asList(array);
        }
        if (value instanceof List<?> list) {
            return list;
        }
        return value == null ? List.of() : List.of(value);
    }
}

package dev.caravan.docs;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code docs/patterns.md}: every shipped automation with its diagram. */
final class PatternsPage {
    private static final String INTRO = """
            # Patterns

            <!-- Made from routes/ and the automations in Java by DocsTest. Edit those, not this. -->

            Each is a working automation in [routes/](../routes), or a class, to be used as it is, edited or copied. One that lacks a key is
            off, and `caravan check` says which; `caravan` is `java -jar …/caravan.jar`. `caravan demo` shows them at work. In the diagrams, steps that only prepare values
            are left out, a dashed step runs only where its key has a value, and a dashed arrow is taken on failure.

            | automation | takes | delivers with |
            |---|---|---|
            """;

    private PatternsPage() {}

    static String of(List<Automation> automations) {
        StringBuilder page = new StringBuilder(INTRO);
        for (Automation automation : automations) {
            page.append("| [%s](#%s) | %s | %s |\n"
                    .formatted(
                            automation.name(),
                            automation.name(),
                            Markdown.cell(String.join("\n", automation.takes())),
                            links(automation.kamelets())));
        }
        automations.forEach(automation -> page.append(section(automation)));
        return page.toString();
    }

    private static String links(Set<String> kamelets) {
        return String.join(
                ", ",
                kamelets.stream()
                        .map(name -> "[%1$s](sinks.md#%1$s)".formatted(name))
                        .toList());
    }

    private static String section(Automation automation) {
        StringBuilder out = new StringBuilder("\n## " + automation.name() + "\n\n");
        if (!automation.description().isEmpty()) {
            out.append(Markdown.plain(automation.description())).append(". ");
        }
        out.append("[")
                .append(automation.file())
                .append("](../")
                .append(automation.file())
                .append(")\n\n");
        out.append(HeaderComment.markdown(automation.comment()));
        Set<String> others = Keys.unnamed(automation);
        if (!others.isEmpty()) {
            out.append("\nKeys with a default: `")
                    .append(String.join("`, `", others))
                    .append("`.\n");
        }
        if (!automation.tries().isEmpty()) {
            out.append("\nTry it: `")
                    .append(String.join("`, `", automation.tries()))
                    .append("`.\n");
        }
        for (Map<String, Object> route : automation.routes()) {
            if (automation.routes().size() > 1) {
                out.append("\n### ").append(Tree.text(route.get("id"))).append('\n');
            }
            out.append("\n```mermaid\n").append(Diagram.of(route)).append("```\n");
        }
        return out.toString();
    }
}

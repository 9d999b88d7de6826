package dev.caravan.docs;

import dev.caravan.docs.Kamelet.Parameter;
import dev.caravan.sink.ShippedKamelets;
import java.util.List;
import java.util.Locale;

/** {@code docs/sinks.md}: every Kamelet and every parameter. */
final class SinksPage {
    private static final String INTRO = """
            # Sinks and actions

            <!-- Made from src/main/resources/kamelets by DocsTest. Edit those, not this. -->

            A step of an automation delivers with `uri: kamelet:NAME` and the parameters below. Text parameters are templates: see
            [the README](../README.md#sinks). What stands below about a retry is for a step of which a crash, a time-out or a lost answer
            left it open whether it had its effect. Secrets belong into the environment: `"{{env:NAME}}"`, or a key of
            `application.properties` that has it.

            | Kamelet | | an unsure step |
            |---|---|---|
            """;

    private SinksPage() {}

    static String of(List<Kamelet> kamelets) {
        StringBuilder page = new StringBuilder(INTRO);
        for (Kamelet kamelet : kamelets) {
            page.append("| [`%s`](#%s) | %s | %s |\n"
                    .formatted(kamelet.name(), kamelet.name(), Markdown.cell(kamelet.title()), unsure(kamelet)));
        }
        kamelets.forEach(kamelet -> page.append(section(kamelet)));
        return page.toString();
    }

    /** Few words for the table. */
    private static String unsure(Kamelet kamelet) {
        if (ShippedKamelets.canLook(kamelet.name())) {
            return "looks first";
        }
        return kamelet.has("whenUnsure") ? "`whenUnsure`" : "runs again";
    }

    private static String section(Kamelet kamelet) {
        StringBuilder out = new StringBuilder("\n## " + kamelet.name() + "\n\n");
        out.append(Markdown.plain(kamelet.description())).append("\n\n");
        out.append(retry(kamelet)).append(components(kamelet)).append("\n\n");
        out.append("```yaml\n").append(use(kamelet)).append("```\n\n");
        out.append("| parameter | type | default | example | |\n|---|---|---|---|---|\n");
        kamelet.parameters().forEach(parameter -> out.append(row(parameter)));
        return out.toString();
    }

    private static String retry(Kamelet kamelet) {
        if (ShippedKamelets.canLook(kamelet.name())) {
            return "Before an unsure step runs again it looks whether the effect is there.";
        }
        return kamelet.has("whenUnsure")
                ? "It cannot look whether an effect is there: an unsure step follows `whenUnsure`."
                : "An unsure step runs again.";
    }

    private static String components(Kamelet kamelet) {
        return kamelet.dependencies().isEmpty()
                ? ""
                : " Through "
                        + String.join(
                                ", ",
                                kamelet.dependencies().stream()
                                        .map(name -> "`" + name + "`")
                                        .toList()) + ", which is in the jar.";
    }

    private static String use(Kamelet kamelet) {
        StringBuilder out = new StringBuilder("- to:\n    id: step\n    uri: kamelet:" + kamelet.name() + "\n");
        List<Parameter> given =
                kamelet.parameters().stream().filter(Parameter::required).toList();
        if (!given.isEmpty()) {
            out.append("    parameters:\n");
        }
        for (Parameter parameter : given) {
            out.append("      ")
                    .append(parameter.name())
                    .append(": ")
                    .append(value(kamelet, parameter))
                    .append('\n');
        }
        return out.toString();
    }

    private static String value(Kamelet kamelet, Parameter parameter) {
        if (parameter.secret()) {
            String vendor = kamelet.name().replaceAll("-.*", "");
            String key = parameter.name().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
            return "\"{{" + vendor + "." + key + "}}\"";
        }
        String example = parameter.example().strip();
        if (example.contains("\n")) {
            return "|\n" + example.indent(8).replaceAll("(?m) +$", "").stripTrailing();
        }
        return "\"" + example.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String row(Parameter parameter) {
        String type = parameter.secret() ? "secret" : parameter.type();
        String choices = parameter.choices().isEmpty()
                ? ""
                : "<br>"
                        + String.join(
                                ", ",
                                parameter.choices().stream().map(Markdown::code).toList());
        return "| `%s` | %s%s%s | %s | %s | %s |\n"
                .formatted(
                        parameter.name(),
                        parameter.required() ? "**required**, " : "",
                        type,
                        choices,
                        Markdown.code(parameter.fallback()),
                        Markdown.code(parameter.example()),
                        Markdown.cell(parameter.description()));
    }
}

package dev.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.docs.Kamelet.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages in docs/ say what the Kamelets and the route files say. */
class DocsTest {
    private static final String WRITE = "mvn -q test -Dtest=DocsTest -Dcaravan.docs.write=true";
    private static final Pattern LINK = Pattern.compile("(?<!\\\\)\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)token|password|secret|api-?key|privateKey|clientSecret|serviceSecret");

    @Test
    void theSinksPageSaysWhatTheKameletsSay() throws IOException {
        checked(Path.of("docs/sinks.md"), SinksPage.of(Kamelet.all()));
    }

    @Test
    void thePatternsPageSaysWhatTheRoutesSay() throws IOException {
        checked(Path.of("docs/patterns.md"), PatternsPage.of(Automation.all()));
    }

    private static void checked(Path page, String made) throws IOException {
        if (Boolean.getBoolean("caravan.docs.write")) {
            Files.writeString(page, made);
        }
        String kept = Files.exists(page) ? Files.readString(page) : "";
        assertThat(kept.equals(made))
                .withFailMessage(() -> page + " is not what the Kamelets and routes say: write it anew with " + WRITE
                        + " (first difference: " + difference(kept, made) + ").")
                .isTrue();
    }

    private static String difference(String kept, String made) {
        List<String> old = kept.lines().toList();
        return made.lines()
                .filter(line -> !old.contains(line))
                .findFirst()
                .orElse("lines that are gone, or in another order");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void everyParameterIsDescribed(Kamelet kamelet) {
        assertThat(kamelet.title()).isNotEmpty();
        assertThat(kamelet.description()).endsWith(".");
        assertThat(kamelet.parameters()).isNotEmpty().allSatisfy(parameter -> {
            assertThat(parameter.title()).as(parameter.name()).isNotEmpty();
            assertThat(parameter.description()).as(parameter.name()).endsWith(".");
            assertThat(parameter.type()).as(parameter.name()).isIn("string", "integer", "number", "boolean");
            assertThat(parameter.example() + parameter.fallback() + parameter.choices())
                    .as("an example, default or choice of " + parameter.name())
                    .isNotEqualTo("[]");
        });
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void everySecretIsOneForKaotoToo(Kamelet kamelet) {
        assertThat(kamelet.parameters())
                .filteredOn(parameter -> SECRET_NAME.matcher(parameter.name()).matches())
                .allMatch(Parameter::secret, "format: password");
    }

    /** So that a person who edits the file, and who reads the page, sees what switches it on. */
    @ParameterizedTest
    @MethodSource("automations")
    void everyKeyThatAnAutomationNeedsStandsInItsComment(Automation automation) {
        assertThat(Keys.needed(automation))
                .allMatch(key -> Keys.isNamed(automation, key), "named in the comment of " + automation.file());
    }

    @ParameterizedTest
    @MethodSource("automations")
    void everyDiagramShowsEveryStepThatDelivers(Automation automation) {
        for (Map<String, Object> route : automation.routes()) {
            String diagram = Diagram.of(route);
            long uses = Tree.texts(route.get("from")).stream()
                    .filter(text -> text.startsWith("kamelet:") && !text.startsWith("kamelet:json-pointer-action"))
                    .count();
            assertThat(diagram.lines().filter(line -> line.matches(".*<br/>[a-z-]+-(sink|action)(<br/>.*)?\"].*")))
                    .as(diagram)
                    .hasSize((int) uses);
        }
    }

    @Test
    void theReadmeNamesEveryKameletAndEveryAutomation() throws IOException {
        assertThat(Files.readString(Path.of("README.md")))
                .contains(kamelets().stream()
                        .map(kamelet -> "`" + kamelet.name() + "`")
                        .toList())
                .contains(automations().stream()
                        .map(automation -> "`" + automation.name() + "`")
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/sinks.md", "docs/patterns.md"})
    void everyLinkLeadsSomewhere(String page) throws IOException {
        Path file = Path.of(page);
        Matcher link = LINK.matcher(Files.readString(file).replaceAll("(?s)```.*?```|`[^`\n]*`", ""));
        while (link.find()) {
            Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
            assertThat(target).as(link.group()).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as(link.group()).contains(link.group(2));
            }
        }
    }

    /** As GitHub makes them of headings. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    static List<Kamelet> kamelets() {
        return Kamelet.all();
    }

    static List<Automation> automations() {
        return Automation.all();
    }
}

package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path directory;

    private final Properties system = new Properties();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void withoutAFileEverythingHasItsDefault() {
        Settings settings = Settings.load(directory);

        assertThat(settings.text("caravan.public-url")).isEmpty();
        assertThat(settings.duration("caravan.delivery.timeout", Duration.ofMinutes(2)))
                .isEqualTo(Duration.ofMinutes(2));
        settings.check();
    }

    @Test
    void typedValuesAreRead() throws IOException {
        Settings settings = settings("""
                caravan.a = 500ms
                caravan.b = 10s, 1m,5m ,7d
                caravan.c = 12
                caravan.d = 64KiB
                caravan.e = true
                caravan.f = Grüße
                """);

        assertThat(settings.duration("caravan.a", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.durations("caravan.b", List.of()))
                .containsExactly(
                        Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofDays(7));
        assertThat(settings.count("caravan.c", 1, 1, 16)).isEqualTo(12);
        assertThat(settings.bytes("caravan.d", 1)).isEqualTo(65_536);
        assertThat(settings.flag("caravan.e", false)).isTrue();
        assertThat(settings.text("caravan.f")).contains("Grüße");
        settings.check();
    }

    @Test
    void allProblemsAreReportedTogetherAndTheDefaultsAreUsed() throws IOException {
        Settings settings = settings("""
                caravan.a = soon
                caravan.b = 10s,never
                caravan.c = 17
                caravan.d = 9999999GiB0
                caravan.e = yes
                caravan.f =
                caravan.g = 99999999999999999999d
                """);

        assertThat(settings.duration("caravan.a", Duration.ZERO)).isZero();
        assertThat(settings.durations("caravan.b", List.of())).isEmpty();
        assertThat(settings.count("caravan.c", 1, 1, 16)).isEqualTo(1);
        assertThat(settings.bytes("caravan.d", 7)).isEqualTo(7);
        assertThat(settings.flag("caravan.e", false)).isFalse();
        assertThat(settings.text("caravan.f", "x")).isEqualTo("x");
        assertThat(settings.duration("caravan.g", Duration.ZERO)).isZero();
        assertThatThrownBy(settings::check)
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        e -> assertThat(e.problems())
                                .hasSize(7)
                                .contains(
                                        "caravan.a is \"soon\"; give a duration such as 500ms, 10s, 5m, 2h or 7d.",
                                        "caravan.c is \"17\"; give a whole number from 1 to 16.",
                                        "caravan.f is empty; give a value, or remove the line for the default."));
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearestKnownOne() throws IOException {
        Settings settings = settings("""
                caravan.public-ulr = https://example.org
                caravan.sorce.koji.preset = koji
                caravan.automation.report.enabeld = false
                caravan.automation.report.enabled = false
                caravan.completely.different = 1
                someone.elses.key = 1
                """);
        settings.text("caravan.public-url");
        settings.names("caravan.source");

        assertThat(settings.problems())
                .containsExactlyInAnyOrder(
                        "caravan.public-ulr is not a setting that Caravan knows; did you mean caravan.public-url?",
                        "caravan.sorce.koji.preset is not a setting that Caravan knows; did you mean caravan.source.koji.preset?",
                        "caravan.automation.report.enabeld is not a setting that Caravan knows; did you mean caravan.automation.report.enabled?",
                        "caravan.completely.different is not a setting that Caravan knows; remove it, or see the commented application.properties for the keys there are.");
    }

    @Test
    void aKeyThatALaterStageReadsIsExpected() throws IOException {
        Settings settings = settings("caravan.automation.a.b.retry = 10s");
        settings.expect("caravan.automation.*.retry");

        settings.check();
    }

    @Test
    void namesAreTheSegmentsAfterAPrefix() throws IOException {
        Settings settings =
                settings("caravan.source.koji.preset=koji\ncaravan.source.acme.secret=x\ncaravan.sourced=1");

        assertThat(settings.names("caravan.source")).containsExactly("acme", "koji");
    }

    @Test
    void secretsAreSplitAtCommasAndNumberedOnesAreWhole() throws IOException {
        Settings settings =
                settings("x.secret = one, two,,\nx.secret.10 = ten\nx.secret.2 = with,comma\nx.secret.a = no");

        assertThat(settings.secrets("x.secret"))
                .extracting(Secret::value)
                .containsExactly("one", "two", "with,comma", "ten");
        assertThat(settings.secrets("x.secret").toString()).doesNotContain("one");
    }

    @Test
    void theLinesOfASecretsFileAreSecretsToo() throws IOException {
        Files.writeString(directory.resolve("keys"), " from,a file \n\nanother\r\n");
        Settings settings = settings("x.secret = one\nx.secret.file = keys\nx.text = and from,a file");

        assertThat(settings.secrets("x.secret"))
                .extracting(Secret::value)
                .containsExactly("one", "from,a file", "another");
        assertThat(settings.secretFiles())
                .containsExactly(directory.resolve("keys").toAbsolutePath());
        assertThat(settings.describe().get("x.text")).isEqualTo("and ***");
    }

    @Test
    void aSecretsFileThatIsNotThereIsNamed() throws IOException {
        Settings settings = settings("caravan.x.secret.file = absent");

        assertThat(settings.secrets("caravan.x.secret")).isEmpty();
        assertThat(settings.problems())
                .containsExactly("caravan.x.secret.file names a file that cannot be read; put it there, in UTF-8, or"
                        + " correct the path.");
    }

    @Test
    void systemPropertiesOverrideTheFile() throws IOException {
        system.setProperty("caravan.a", "system");
        system.setProperty("caravan.new", "added");
        system.setProperty("slack.url", "system");
        system.setProperty("java.io.tmpdir", "not ours");
        Settings settings = settings("caravan.a=file\nslack.url=file");

        assertThat(settings.text("caravan.a")).contains("system");
        assertThat(settings.text("caravan.new")).contains("added");
        assertThat(settings.text("slack.url")).contains("system");
        assertThat(settings.text("java.io.tmpdir")).isEmpty();
    }

    @Test
    void placeholdersAreReplaced() throws IOException {
        environment.put("HOME_TOWN", "Kobe");
        system.setProperty("some.prop", "p");
        Settings settings = settings("a = 1\nb = {{a}}2\nempty =\n");

        assertThat(resolve(settings, "{{b}}3")).isEqualTo("123");
        assertThat(resolve(settings, "{{none:x:y}}")).isEqualTo("x:y");
        assertThat(resolve(settings, "{{none:{{nor-this:{{b}}}}}}!")).isEqualTo("12!");
        assertThat(resolve(settings, "{{env:HOME_TOWN}} {{env:NONE:none}} {{env:NONE:}}"))
                .isEqualTo("Kobe none ");
        assertThat(resolve(settings, "{{sys:some.prop}}")).isEqualTo("p");
        assertThat(resolve(settings, "{{?a}}")).isEqualTo("1");
        assertThat(resolve(settings, "{\"a\":{\"b\":{{a}}}}")).isEqualTo("{\"a\":{\"b\":1}}");
        assertThat(resolve(settings, "${body[a]} }} {x}")).isEqualTo("${body[a]} }} {x}");
    }

    @Test
    void aPlaceholderWithoutAValueIsNamed() throws IOException {
        Settings settings = settings("empty =\nindirect = {{env:NOWHERE}}\nround = {{about}}\nabout = {{round}}");

        assertThat(missing(settings, "{{x}} {{y.z}} {{?optional}}")).containsExactly("x", "y.z");
        assertThat(missing(settings, "{{empty}}")).containsExactly("empty");
        assertThat(missing(settings, "{{indirect}}")).containsExactly("env:NOWHERE");
        assertThat(missing(settings, "{{round}}")).containsExactly("round (which refers to itself)");
        assertThat(missing(settings, "{{open")).containsExactly("{{ without }}");
        assertThat(missing(settings, "{{?optional}}")).isEmpty();
        assertThat(settings.resolve("{{?optional}}", new LinkedHashSet<>())).isEmpty();
    }

    @Test
    void absurdNestingIsRefusedInsteadOfOverflowing() throws IOException {
        Settings settings = settings("a = 1");
        String text = "{{x:".repeat(50_000) + "}}".repeat(50_000);

        assertThat(missing(settings, text)).isNotEmpty();
    }

    @Test
    void aMissingPlaceholderInAnOwnKeyIsAProblem() throws IOException {
        Settings settings = settings("caravan.a = {{env:NOWHERE}}\ncaravan.b = {{open\nother = {{env:NOWHERE}}");
        settings.text("caravan.a");
        settings.text("caravan.b");

        assertThat(settings.problems())
                .containsExactly(
                        "caravan.a refers to {{env:NOWHERE}}, which has no value; set it, or give a default as in {{env:NOWHERE:}}.",
                        "caravan.b holds {{ without }}; close the placeholder.");
        assertThat(settings.properties()).doesNotContainKey("other");
    }

    @Test
    void aValueThatAnEmptyPlaceholderLeavesEmptyCountsAsNotSet() throws IOException {
        Settings settings = settings("caravan.a = {{env:NOWHERE:}}");

        assertThat(settings.text("caravan.a")).isEmpty();
        assertThat(settings.count("caravan.a", 3, 1, 9)).isEqualTo(3);
        settings.check();
    }

    @Test
    void noSecretIsShown() throws IOException {
        environment.put("ACME_TOKEN", "hidden-9");
        Settings settings = settings("""
                caravan.source.koji.secret = hidden-1, hidden-2
                caravan.source.koji.secret.1 = hidden-3
                caravan.source.koji.idempotency-key = /event
                caravan.console.token = hidden-4
                slack.research.webhook-url = https://hooks.slack.example/services/hidden-5
                jira.api-key = hidden-6
                forward.url = https://hooks.zapier.example/hooks/catch/hidden-7
                caravan.database.url = jdbc:postgresql://user:hidden@8/x@db.example/caravan?password=hidden-8
                caravan.other = jdbc:oracle:thin:scott/hidden-10@db.example
                other.place = {{env:ACME_TOKEN}}
                repeated = before hidden-4 after
                some.key = hidden-11
                caravan.public-url = https://caravan.example/hooks
                """);

        assertThat(settings.describe().toString()).doesNotContain("hidden");
        assertThat(settings.describe())
                .containsEntry("caravan.source.koji.idempotency-key", "/event")
                .containsEntry("caravan.public-url", "https://caravan.example/hooks")
                .containsEntry("forward.url", "https://hooks.zapier.example/***")
                .containsEntry("repeated", "before *** after");
    }

    @Test
    void noSecretStandsInAProblem() throws IOException {
        Settings settings = settings("caravan.the-secret = hidden-1\ncaravan.count = hidden-1");
        settings.count("caravan.the-secret", 1, 1, 2);
        settings.count("caravan.count", 1, 1, 2);

        assertThat(settings.problems()).hasSize(2).noneMatch(problem -> problem.contains("hidden"));
    }

    @Test
    void anUnreadableFileIsOneProblem() throws IOException {
        Files.write(directory.resolve("application.properties"), new byte[] {'a', '=', (byte) 0xff});

        assertThat(Settings.load(directory).problems())
                .singleElement()
                .asString()
                .contains("application.properties", "UTF-8");

        Files.writeString(directory.resolve("application.properties"), "a = \\u00zz");
        assertThat(Settings.load(directory).problems())
                .singleElement()
                .asString()
                .contains("escape");
    }

    private Settings settings(String text) throws IOException {
        Files.writeString(directory.resolve("application.properties"), text, StandardCharsets.UTF_8);
        return Settings.load(directory, environment, system);
    }

    private static String resolve(Settings settings, String text) {
        Set<String> missing = new LinkedHashSet<>();
        String resolved = settings.resolve(text, missing).orElse("(none)");
        assertThat(missing).isEmpty();
        return resolved;
    }

    private static Set<String> missing(Settings settings, String text) {
        Set<String> missing = new LinkedHashSet<>();
        assertThat(settings.resolve(text, missing)).isEmpty();
        return missing;
    }
}

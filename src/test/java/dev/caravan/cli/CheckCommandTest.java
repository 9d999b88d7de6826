package dev.caravan.cli;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The check, as somebody runs it who has just got the project. */
class CheckCommandTest {
    private static final Pattern OFF = Pattern.compile("(\\S+) +off .*these settings have no value: (.*)");
    private static final String RESEARCH = "slack.research.webhook-url";
    private static final String JIRA = "jira.base-url, jira.email, jira.project, jira.token";

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    /** The keys that each automation that is off lacks. */
    private static Map<String, String> missing(List<String> lines) {
        return lines.stream()
                .map(OFF::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(line -> line.group(1), line -> line.group(2)));
    }

    @Test
    void theShippedDirectoryWithoutAnyKeyHasNoErrors() throws Exception {
        Files.copy(Path.of("application.properties"), directory.resolve("application.properties"));
        Files.createDirectories(directory.resolve("routes"));
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve("routes").resolve(file.getFileName()));
            }
        }
        CommandLine command = Caravan.commandLine();
        command.setOut(new PrintWriter(out, true));

        assertThat(command.execute("check", "--dir", directory.toString())).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(missing(lines))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        entry("caravan-dead-to-slack", RESEARCH),
                        entry("kejue-call-to-crm", RESEARCH),
                        entry("kejue-campaign-failed-to-jira", JIRA),
                        entry("kejue-campaign-report", RESEARCH),
                        entry("koeiq-alert-to-jira", JIRA),
                        entry("koeiq-alert-to-slack", RESEARCH),
                        entry("koji-completed-to-salesforce", "koji.api-key, salesforce.client-id"),
                        entry("koji-completed-to-slack", RESEARCH),
                        entry("koji-forward", "koji.forward.url"),
                        entry("koji-participant-tracking", "koji.tracking.studies"),
                        entry("koji-report-delivery", RESEARCH),
                        entry("koji-signal-routing", "salesforce.client-id"),
                        entry("koji-study-digest", RESEARCH),
                        entry("koji-study-published", RESEARCH),
                        entry("events-to-kafka", "kafka.brokers, kafka.topic"),
                        entry("koji-winloss-start", "hubspot.token, koji.api-key, koji.winloss.study"),
                        entry("koji-winloss-to-hubspot", "hubspot.token, koji.api-key, koji.winloss.study"),
                        entry("product-research-pipeline", "koji.api-key, product.study")));
        assertThat(lines).contains("").anyMatch(line -> line.startsWith("Source koji has no secret yet"));
        assertThat(lines)
                .anyMatch(line ->
                        line.matches("ai-interview-to-database +on .*skips for want of an optional key: message"))
                .anyMatch(line -> line.matches("koji-study-digest +off .*slack.research.webhook-url"));
    }
}

package dev.caravan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.caravan.LogLines;
import dev.caravan.automation.AutomationState;
import dev.caravan.automation.AutomationState.State;
import dev.caravan.automation.Finding;
import dev.caravan.automation.RoutesCheck;
import dev.caravan.settings.InvalidSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would not run shows in a check, in the words in which a running node tells it. */
class CheckAndRunAgreeTest {
    @TempDir
    Path directory;

    @BeforeEach
    void settings() throws IOException {
        Files.createDirectories(directory.resolve("routes"));
        settings("");
    }

    private void settings(String more) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(directory.resolve("application.properties"), """
                    caravan.source.koji.preset = koji
                    caravan.source.koji.secret = s3cret
                    slack.url = http://127.0.0.1:1/services/T0/B0/X
                    camel.server.port = 0
                    camel.management.port = %d
                    """.formatted(free.getLocalPort()) + more);
        }
    }

    private void file(String text) throws IOException {
        Files.writeString(directory.resolve("routes/x.yaml"), text);
    }

    private RoutesCheck.Report check() throws IOException {
        return NodeCheck.routes(NodeConfig.read(directory), directory);
    }

    private AutomationState run(String id) throws Exception {
        try (Node node = Node.start(NodeConfig.read(directory), NodeOptions.of(directory))) {
            return node.automations().stream()
                    .filter(state -> state.id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void bothSay(String sentence) throws Exception {
        RoutesCheck.Report report = check();
        assertThat(report.findings()).extracting(Finding::toString).containsExactly(sentence);
        assertThat(report.hasErrors()).isTrue();
        assertThat(run("x").state()).isEqualTo(State.BROKEN);
        assertThat(run("x").reason()).isEqualTo(sentence);
    }

    @Test
    void aSlackStepWithoutAnAddressIsRefusedInTheSinksWords() throws Exception {
        file(slack("uri: inbox:koji", "{text: Hi}"));

        bothSay("routes/x.yaml:6: slack-message-sink needs either webhookUrl, or token and channel.");
    }

    @Test
    void anUnclosedPlaceholderIsRefusedInTheSinksWords() throws Exception {
        file(slack("uri: inbox:koji", "{webhookUrl: \"{{slack.url}}\", text: \"Hi ${body[data][name]\"}"));

        bothSay("routes/x.yaml:6: The placeholder at character 4 of a template is not closed: add its }.");
    }

    @Test
    void aSinksWordsNeverQuoteASetting() throws Exception {
        settings("database.columns = hunter2-is-secret\n");
        file("""
                - route:
                    id: x
                    from:
                      uri: inbox:koji
                      steps:
                        - to:
                            id: row
                            uri: kamelet:database-upsert-sink
                            parameters: {table: "{{database.columns}}", key: id, columns: "id: 1"}
                """);

        bothSay("routes/x.yaml:6: The table \"{{database.columns}}\" is not a name: use letters, digits and"
                + " underscores, or schema.table.");
    }

    @Test
    void anUnknownDataSourceIsNamed() throws Exception {
        file("""
                - route:
                    id: x
                    from:
                      uri: inbox:koji
                      steps:
                        - to:
                            id: row
                            uri: kamelet:database-upsert-sink
                            parameters: {datasource: warehouse, table: t, key: id, columns: "id: 1"}
                """);

        bothSay("routes/x.yaml:6: There is no data source warehouse: set caravan.datasource.warehouse.url.");
    }

    @Test
    void theJavaAutomationsAreListedWithTheirStates() throws Exception {
        RoutesCheck.Report report = check();

        assertThat(report.states())
                .filteredOn(state -> state.id().equals("kejue-campaign-report"))
                .singleElement()
                .isEqualTo(run("kejue-campaign-report"))
                .satisfies(state -> assertThat(state.state()).isEqualTo(State.OFF));
    }

    @Test
    void anIdThatAJavaAutomationHasIsRefused() throws Exception {
        file(slack("uri: inbox:koji", "{webhookUrl: \"{{slack.url}}\", text: Hi}")
                .replace("id: x", "id: kejue-campaign-report"));

        assertThat(check().findings())
                .extracting(Finding::toString)
                .containsExactly("routes/x.yaml:1: the id `kejue-campaign-report` is already used at"
                        + " dev.caravan.routes.KejueCampaignReport; give one of them another.");
        assertThat(check().hasErrors()).isTrue();
    }

    @Test
    void aSwitchIsTrueOrFalse() throws Exception {
        settings("caravan.automation.a.b.enabled = nope\n");

        assertThatThrownBy(() -> NodeConfig.read(directory))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("caravan.automation.a.b.enabled is \"nope\"; give true or false.");
    }

    @Test
    void aSwitchOfNoAutomationIsNamed() throws Exception {
        settings("caravan.automation.xx.enabled = false\n");
        file(slack("uri: inbox:koji", "{webhookUrl: \"{{slack.url}}\", text: Hi}"));
        String sentence = "application.properties: caravan.automation.xx.enabled names no automation; check its id or"
                + " remove the line.";

        RoutesCheck.Report report = check();

        assertThat(report.findings()).extracting(Finding::toString).containsExactly(sentence);
        assertThat(report.hasErrors()).isFalse();
        try (LogLines lines = new LogLines()) {
            run("x");
            assertThat(lines.at(Level.WARN)).containsOnlyOnce(sentence);
        }
    }

    @Test
    void anUnknownInboxOptionIsNamedWithItsLine() throws Exception {
        file(slack(
                "uri: inbox:koji\n      parameters:\n        event: x", "{webhookUrl: \"{{slack.url}}\", text: Hi}"));

        bothSay(
                "routes/x.yaml:6: `inbox:` has no option `event`; it has: concurrency, events, orderBy, retry, sources.");
    }

    @Test
    void anInboxOptionThatDoesNotFitIsNamedWithItsLineAndValue() throws Exception {
        settings("wait = soon\n");
        file(slack(
                "uri: inbox:koji\n      parameters:\n        retry: \"{{wait}}\"",
                "{webhookUrl: \"{{slack.url}}\", text: Hi}"));
        bothSay("routes/x.yaml:6: the option `retry` of `inbox:` is `soon`; write waits like 10s,1m,5m.");

        file(slack(
                "uri: inbox:koji\n      parameters:\n        events: a\n        concurrency: 0",
                "{webhookUrl: \"{{slack.url}}\", text: Hi}"));
        bothSay("routes/x.yaml:7: the option `concurrency` of `inbox:` is `0`; give a whole number from 1 to 1000.");

        file(slack("uri: inbox:koji?concurrency=many", "{webhookUrl: \"{{slack.url}}\", text: Hi}"));
        bothSay("routes/x.yaml:4: the option `concurrency` of `inbox:` is `many`; give a whole number from 1 to 1000.");
    }

    @Test
    void anInboxWithoutASourceIsRefused() throws Exception {
        file(slack("uri: inbox\n      parameters: {events: x}", "{webhookUrl: \"{{slack.url}}\", text: Hi}"));

        bothSay("routes/x.yaml:4: `inbox:` names no source; write inbox:NAME, inbox:NAME,NAME or inbox:*.");
    }

    @Test
    void aSourceThatIsNotConfiguredIsNamedWhileTheOthersServe() throws Exception {
        file(slack("uri: inbox:koji,nosuch", "{webhookUrl: \"{{slack.url}}\", text: Hi}"));
        String sentence = "routes/x.yaml:4: source `nosuch` is not configured, so no event of it arrives; set its"
                + " caravan.source.nosuch keys or take it out.";

        RoutesCheck.Report report = check();

        assertThat(report.findings()).extracting(Finding::toString).containsExactly(sentence);
        assertThat(report.hasErrors()).isFalse();
        try (LogLines lines = new LogLines()) {
            assertThat(run("x").state()).isEqualTo(State.ON);
            assertThat(lines.at(Level.WARN)).containsOnlyOnce(sentence);
        }
    }

    @Test
    void pathOptionsMayStandAmongTheParameters() throws Exception {
        file(slack(
                "uri: inbox\n      parameters: {sources: koji, events: x}",
                "{webhookUrl: \"{{slack.url}}\", text: Hi}"));

        assertThat(check().findings()).isEmpty();
        assertThat(run("x").state()).isEqualTo(State.ON);
        assertThat(run("x").sources()).containsExactly("koji");
        assertThat(run("x").events()).containsExactly("x");
    }

    @Test
    void aKameletThatCannotBeReadIsAFindingAlsoWhereNobodyUsesIt() throws Exception {
        Files.createDirectories(directory.resolve("kamelets"));
        Files.writeString(directory.resolve("kamelets/own-sink.kamelet.yaml"), "kind: Kamelet\nspec: [\n");
        Files.writeString(directory.resolve("kamelets/list.kamelet.yaml"), "- a\n");

        assertThat(check().findings())
                .extracting(Finding::toString)
                .anyMatch(text -> text.startsWith("kamelets/own-sink.kamelet.yaml:3: the YAML cannot be read: "))
                .contains("kamelets/list.kamelet.yaml:1: the file is not a Kamelet; it needs `spec.definition` and"
                        + " `spec.template`.")
                .hasSize(2);
        assertThat(check().hasErrors()).isTrue();
    }

    @Test
    void aFileInLibThatIsNoJarIsWarnedOf() throws Exception {
        Path lib = Files.createDirectories(directory.resolve("lib"));
        Files.writeString(lib.resolve("driver.jar"), "not a zip");
        Files.writeString(lib.resolve("README.txt"), "drivers");
        Files.writeString(lib.resolve(".keep"), "");

        try (LogLines lines = new LogLines()) {
            check();
            assertThat(lines.at(Level.WARN))
                    .containsExactly(
                            "lib/README.txt is not a jar or zip file that can be read, so nothing of it is used;"
                                    + " replace it or remove it.",
                            "lib/driver.jar is not a jar or zip file that can be read, so nothing of it is used;"
                                    + " replace it or remove it.");
        }
    }

    private static String slack(String from, String parameters) {
        return """
                - route:
                    id: x
                    from:
                      %s
                      steps:
                        - to:
                            id: message
                            uri: kamelet:slack-message-sink
                            parameters: %s
                """.formatted(from, parameters);
    }
}

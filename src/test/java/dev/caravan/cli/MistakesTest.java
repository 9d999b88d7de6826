package dev.caravan.cli;

import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a user can get wrong is answered in a sentence, and never with a stack trace. */
@Timeout(20)
class MistakesTest {
    @TempDir
    private Path directory;

    private Path properties(String... lines) throws IOException {
        Files.writeString(directory.resolve("application.properties"), String.join("\n", lines) + "\n");
        return directory;
    }

    @Test
    void everyCommandsHelpShowsAnExample() {
        for (CommandLine command : Caravan.commandLine().getSubcommands().values()) {
            boolean forPeople = !command.getCommandSpec().usageMessage().hidden();
            if (forPeople && !"help".equals(command.getCommandName())) {
                Typed help = type(command.getCommandName(), "--help").done();
                assertThat(help.out()).contains("Example", "java -jar caravan.jar " + command.getCommandName());
            }
        }
        assertThat(type("--help").done().out()).contains("Example:", "run", "replay");
        assertThat(type("--version").done().out()).startsWith("caravan ");
    }

    @Test
    void aWrongWordIsNamed() {
        type("evnts").refused().saying("events");
        type("events", "--colour").refused().saying("--colour");
        type("events", "--limit", "many").refused().saying("--limit", "many");
        type("deliveries", "--state", "broken").refused().saying("broken", "DEAD");
        type("event").refused().saying("ID");
        type("replay").refused().saying("delivery", "event", "dead", "automation", "--help");
        for (String wrong : List.of(
                "dlv_1 --dead",
                "dlv_1 --event evt_1",
                "dlv_1 --automation a",
                "--event evt_1 --dead",
                "--event evt_1 --since 1d",
                "--automation a",
                "--since 1d")) {
            type((Object[]) ("replay " + wrong).split(" ")).refused().saying("name one of");
        }
        type("replay", "--dead", "--since", "soon").refused().saying("soon", "2d");
        type("replay", "--dead", "--json").refused().saying("--yes", "--dry-run");
    }

    @Test
    void aDirectoryThatIsNoneIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        for (Path wrong : List.of(directory.resolve("absent"), file)) {
            for (String command : List.of("events", "deliveries", "check", "run")) {
                type(command, "--dir", wrong).refused().saying(wrong.toString());
            }
            type("event", "evt_1", "--dir", wrong).refused().saying(wrong.toString());
            type("replay", "--dead", "--dir", wrong).refused().saying(wrong.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "deliveries", "event evt_1", "replay dlv_1", "replay --dead"})
    void aDirectoryWithoutAnInboxIsNamedAndGetsNone(String command) {
        String[] words = (command + " --dir " + directory).split(" ");
        type((Object[]) words).refused().saying("There is no inbox at", "data");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void allThatIsWrongWithTheSettingsIsSaidAtOnce() throws IOException {
        properties(
                "caravan.source.koji.preset = kojji",
                "caravan.source.koji.secrett = x",
                "caravan.delivery.timeout = soon",
                "caravan.http.max-bodi = 3",
                "camel.management.host = 0.0.0.0");
        for (String command : List.of("check", "run")) {
            type(command, "--dir", directory)
                    .refused()
                    .saying("kojji", "koji", "secrett", "caravan.source.koji.secret", "soon", "max-body")
                    .saying("caravan.console.token");
        }
    }

    @Test
    void twoListenersCannotHaveOnePort() throws IOException {
        properties("camel.server.port = 8085", "camel.management.port = 8085");
        type("run", "--dir", directory).refused().saying("camel.management.port", "8085", "camel.server.port");
    }

    @Test
    void aPropertiesFileThatCannotBeReadIsNamed() throws IOException {
        properties("a = \\u00zz");
        type("check", "--dir", directory).refused().saying("application.properties");
        Files.write(
                directory.resolve("application.properties"),
                "slack.name = caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        type("check", "--dir", directory).refused().saying("application.properties", "UTF-8");
        Files.delete(directory.resolve("application.properties"));
        Files.createDirectory(directory.resolve("application.properties"));
        type("check", "--dir", directory).refused().saying("application.properties");
    }

    @Test
    void anInboxThatIsNoneOrNewerIsNamed() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path database = data.resolve("caravan.db");
        Files.writeString(database, "this is not a database, whatever its name says. ".repeat(100));
        type("events", "--dir", directory).refused().saying(database.toString());
        type("run", "--dir", directory).refused().saying(database.toString());

        Files.delete(database);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE later (x)");
            statement.execute("PRAGMA user_version = 999");
        }
        type("run", "--dir", directory).refused().saying("newer");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0)) {
            properties("camel.server.port = " + taken.getLocalPort(), "camel.management.port = 0");
            type("run", "--dir", directory).refused().saying("" + taken.getLocalPort(), "camel.server.port");
            properties("camel.server.port = 0", "camel.management.port = " + taken.getLocalPort());
            type("run", "--dir", directory).refused().saying("" + taken.getLocalPort(), "camel.management.port");
        }
    }

    @Test
    void checkTellsWhatIsWrongWithARouteFileAndWhatIsOff() throws IOException {
        properties("caravan.source.koji.preset = koji");
        Files.createDirectories(directory.resolve("routes"));
        assertThat(type("check", "--dir", directory).exit()).isZero();
        Files.writeString(directory.resolve("routes/off.yaml"), """
                - route:
                    id: off
                    from:
                      uri: inbox:koji
                      steps:
                        - to:
                            id: message
                            uri: kamelet:slack-message-sink
                            parameters:
                              webhookUrl: "{{slack.absent.webhook-url}}"
                              text: hello
                """);
        Typed off = type("check", "--dir", directory).done();
        assertThat(off.out()).contains("slack.absent.webhook-url", "caravan.source.koji.secret");

        Files.writeString(directory.resolve("routes/broken.yaml"), "- route:\n    id: broken\n    fro: x\n");
        Typed broken = type("check", "--dir", directory, "--json");
        assertThat(broken.exit()).isEqualTo(1);
        assertThat(broken.err()).isEmpty();
        assertThat(broken.json().path("findings").toString()).contains("routes/broken.yaml");
        assertThat(broken.json().path("automations").findValuesAsText("id")).contains("broken", "off");
        assertThat(type("check", "--dir", directory).out()).contains("routes/broken.yaml:");
    }
}

package dev.caravan.cli;

import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.acceptance.SlackStandIn;
import dev.caravan.acceptance.Vendor;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.runtime.Node;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.runtime.NodeOptions;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's tutorial, followed: its files are written into an empty directory as they stand there, but for the values
 * of the environment and the ports, and what it says is done.
 */
@Timeout(60)
class TutorialTest {
    private static final String SECTION = "## A new vendor and a new automation\n";
    private static final String SECRET = "s3cret";
    private static final Pattern BLOCK = Pattern.compile("(?s)([^\n]*(?:\n[^\n]+)*)\n\n```(\\w+)\n(.*?)```\n");
    private static final Pattern FILE = Pattern.compile("`([\\w/-]+\\.(?:properties|yaml|json))`");
    private static final Pattern SHOWN = Pattern.compile("Slack shows `([^`]+)`");

    @TempDir
    private Path directory;

    private final SlackStandIn slack = new SlackStandIn();
    private final Map<String, String> files = new TreeMap<>();
    private String tutorial = "";
    private String shell = "";
    private @Nullable Node node;

    @BeforeEach
    void followTheTutorial() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf(SECTION);
        assertThat(start).as("the README has the section" + SECTION).isPositive();
        tutorial = readme.substring(start, readme.indexOf("\n## ", start));
        readBlocks();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Path properties = directory.resolve("application.properties");
        String written = Files.readString(properties);
        assertThat(written).contains("{{env:ACME_WEBHOOK_SECRET:}}", "{{env:SLACK_RESEARCH_WEBHOOK_URL:}}");
        Files.writeString(
                properties,
                written.replace("{{env:ACME_WEBHOOK_SECRET:}}", SECRET)
                                .replace("{{env:SLACK_RESEARCH_WEBHOOK_URL:}}", slack.webhookUrl())
                        + "camel.server.port = 0\ncamel.management.port = 0\n");
    }

    private void readBlocks() {
        Matcher block = BLOCK.matcher(tutorial);
        while (block.find()) {
            String name = "";
            Matcher file = FILE.matcher(block.group(1));
            while (file.find()) {
                name = file.group(1);
            }
            if (block.group(2).equals("sh")) {
                shell = block.group(3);
            } else {
                files.put(name, block.group(3));
            }
        }
    }

    @AfterEach
    void close() {
        if (node != null) {
            node.close();
        }
        slack.close();
    }

    private void run() throws Exception {
        node = Node.start(NodeConfig.read(directory), NodeOptions.of(directory));
    }

    private Node node() {
        return Objects.requireNonNull(node, "the node does not run");
    }

    private void awaitSettled(long deliveries) {
        await().until(() -> node().inboxReader().deliveryCounts().equals(Map.of(DeliveryState.SUCCEEDED, deliveries)));
    }

    private String message() {
        Matcher shown = SHOWN.matcher(tutorial);
        assertThat(shown.find()).as("the tutorial says what Slack shows").isTrue();
        return shown.group(1);
    }

    @Test
    void twoSmallFilesAreAVendorAndAnAutomation() {
        assertThat(files)
                .containsOnlyKeys(
                        "application.properties", "order.json", "presets/acme.properties", "routes/acme-orders.yaml");
        assertThat(type("check", "--dir", directory).done().out()).contains("acme-orders", "on");
    }

    @Test
    void theOrderThatIsSentIsAMessage() throws Exception {
        run();

        assertThat(type("send", "--dir", directory, "acme", directory.resolve("order.json"))
                        .done()
                        .out())
                .startsWith("200 {\"status\":\"accepted\"");
        awaitSettled(1);
        assertThat(slack.accepted()).containsExactly(message());
        assertThat(type("deliveries", "--dir", directory).done().out()).contains("acme-orders", "succeeded");

        type(
                        "send",
                        "--dir",
                        directory,
                        "acme",
                        directory.resolve("order.json"),
                        "--set",
                        "order.total=99",
                        "--set",
                        "order.id=ord_2")
                .done();
        awaitSettled(2);
        assertThat(slack.accepted()).as("a small order").hasSize(1);
    }

    @Test
    void aRequestThatIsSignedAsAcmesPageSaysIsTaken() throws Exception {
        assertThat(tutorial).contains("the hex HMAC-SHA256 of the timestamp, a dot and the body");
        run();
        String order = files.getOrDefault("order.json", "");
        String time = Long.toString(Clock.systemUTC().instant().getEpochSecond());
        String signature = Vendor.hmacSha256(SECRET, (time + "." + order).getBytes(StandardCharsets.UTF_8));

        assertThat(post(order.replace("149", "150"), time, signature)).startsWith("401 ");
        assertThat(post(order, time, signature)).startsWith("200 {\"status\":\"accepted\"");
        assertThat(post(order, time, signature)).startsWith("200 {\"status\":\"duplicate\"");
        awaitSettled(1);
        assertThat(slack.accepted()).containsExactly(message());
    }

    private String post(String body, String time, String signature) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node().port() + "/webhooks/acme"))
                .header("X-Acme-Timestamp", time)
                .header("X-Acme-Signature", signature)
                .POST(BodyPublishers.ofString(body))
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void theShellsCommandsSignASecondRequestThatIsADuplicate() throws Exception {
        assumeTrue(
                installed("bash") && installed("openssl") && installed("curl"), "bash, openssl and curl are installed");
        run();
        type("send", "--dir", directory, "acme", directory.resolve("order.json"))
                .done();

        assertThat(shell).contains("http://localhost:8080/");
        ProcessBuilder bash =
                new ProcessBuilder("bash", "-c", shell.replace("localhost:8080", "127.0.0.1:" + node().port()));
        bash.directory(directory.toFile()).redirectErrorStream(true);
        bash.environment().put("ACME_WEBHOOK_SECRET", SECRET);
        Process process = bash.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(out).contains("\"status\":\"duplicate\"");
    }

    private static boolean installed(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}

package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.caravan.automation.AutomationState;
import dev.caravan.automation.RoutesCheck;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.EventSummary;
import dev.caravan.runtime.Node;
import dev.caravan.runtime.NodeCheck;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.runtime.NodeOptions;
import dev.caravan.samples.Sample;
import dev.caravan.samples.Samples;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.source.Source;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real node with the shipped {@code routes/} and {@code application.properties}, and a stand-in for Slack and the
 * transcripts' host. Events go in as signed requests.
 */
final class ShippedRoutes implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Samples SAMPLES = Samples.shipped();
    private static final Set<DeliveryState> SETTLED =
            Set.of(DeliveryState.SUCCEEDED, DeliveryState.DEAD, DeliveryState.DISCARDED);

    /** Slack. */
    final WireMockServer slack = standIn();
    /** The transcripts' host. */
    final WireMockServer web = standIn();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final NodeConfig config;
    private final Node node;

    private ShippedRoutes(Path directory, List<String> channels, String more) throws Exception {
        this.directory = directory;
        slack.start();
        web.start();
        slack.stubFor(WireMock.post(WireMock.urlPathMatching("/services/.*"))
                .willReturn(WireMock.ok("ok").withHeader("Content-Type", "text/plain")));
        copyRoutes();
        String shipped = Files.readString(Path.of("application.properties"));
        Files.writeString(
                directory.resolve("application.properties"), shipped + configuration() + urls(channels) + more + "\n");
        config = NodeConfig.read(directory);
        node = Node.start(config, NodeOptions.of(directory));
    }

    /** With a Slack URL for every channel. */
    static ShippedRoutes start(Path directory, String... more) throws Exception {
        List<String> channels = List.of("research", "customer-success", "product", "support", "calls", "operations");
        return new ShippedRoutes(directory, channels, String.join("\n", more));
    }

    /** With Slack URLs for these channels only. */
    static ShippedRoutes withSlack(Path directory, String... channels) throws Exception {
        return new ShippedRoutes(directory, List.of(channels), "");
    }

    private static WireMockServer standIn() {
        return new WireMockServer(WireMockConfiguration.options().dynamicPort().stubCorsEnabled(false));
    }

    /** Lets the stand-in's Slack requests count for the contract check. */
    ShippedRoutes recording(String label, String... literals) {
        OutboundRecorder.record(slack, "slack-webhook", label, literals);
        return this;
    }

    private void copyRoutes() throws IOException {
        Path routes = Files.createDirectories(directory.resolve("routes"));
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
    }

    private static String configuration() throws IOException {
        return """

                camel.server.host = 127.0.0.1
                camel.server.port = 0
                camel.management.port = %d
                caravan.source.koji.secret = koji secret
                caravan.source.koeiq.secret = koeiq secret
                caravan.source.ai-interview.secret = ai-interview secret
                caravan.source.kejue.secret = kejue secret
                caravan.source.kejue-inline.secret = kejue-inline secret
                caravan.delivery.retry = 50ms,50ms,50ms,50ms,50ms
                """.formatted(freePort());
    }

    /** Camel keeps its two listeners apart by their configured ports, so that not both can be 0. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String urls(List<String> channels) {
        return channels.stream()
                .map(channel -> "slack." + channel + ".webhook-url = " + slack.baseUrl() + path(channel) + "\n")
                .collect(Collectors.joining());
    }

    private static String path(String channel) {
        return "/services/T000/B000/" + channel.replace("-", "");
    }

    /** An event id, after all its deliveries were settled. */
    String send(String source, Sample sample) throws Exception {
        return send(source, sample.body());
    }

    /** Sends an event that an automation delivers; where it does not, what the operations channel was told is the reason. */
    void sendTo(String automation, String source, Sample sample) throws Exception {
        String id = send(source, sample);
        awaitQuiet();
        assertThat(delivery(id, automation).state())
                .as(() -> messages("operations").toString())
                .isEqualTo(DeliveryState.SUCCEEDED);
    }

    String send(String source, byte[] body) throws Exception {
        String id = post(source, body).path("id").asText();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> deliveries(id).stream().allMatch(delivery -> SETTLED.contains(delivery.state())));
        return id;
    }

    /** What a signed request was answered: it was accepted. */
    JsonNode post(String source, byte[] body) throws Exception {
        Source found = config.sources().stream()
                .filter(candidate -> candidate.name().equals(source))
                .findFirst()
                .orElseThrow();
        String path = "/webhooks/" + source;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        found.sign(body, path, Instant.now()).forEach(request::header);
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    List<DeliverySummary> deliveries(String eventId) {
        return node.inboxReader().deliveriesOf(eventId);
    }

    List<DeliverySummary> deliveries() {
        return node.inboxReader().deliveries(Optional.empty(), Optional.empty(), 0);
    }

    List<DeliverySummary> deliveriesOf(String automation) {
        return node.inboxReader().deliveries(Optional.empty(), Optional.of(automation), 0);
    }

    List<EventSummary> events(String source) {
        return node.inboxReader().events(Optional.of(source), Optional.empty(), 0);
    }

    /** Waits until all deliveries, those of events that deliveries made among them, are settled. */
    void awaitQuiet() {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        SETTLED.containsAll(node.inboxReader().deliveryCounts().keySet()));
    }

    int port() {
        return node.port();
    }

    DeliverySummary delivery(String eventId, String automation) {
        return deliveries(eventId).stream()
                .filter(delivery -> delivery.automation().equals(automation))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no delivery to " + automation));
    }

    AutomationState automation(String id) {
        return node.automations().stream()
                .filter(state -> state.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no automation " + id + " in " + node.automations()));
    }

    /** What {@code caravan check} finds in the files. */
    RoutesCheck.Report check() throws IOException {
        return NodeCheck.routes(config, directory);
    }

    List<AutomationState> automations() {
        return node.automations();
    }

    /** The messages that a channel got, as their JSON. */
    List<JsonNode> messages(String channel) {
        return slack.findAll(WireMock.postRequestedFor(WireMock.urlPathEqualTo(path(channel)))).stream()
                .map(request -> json(request.getBodyAsString()))
                .toList();
    }

    /** The message whose text begins so. */
    String text(String channel, String beginning) {
        return messages(channel).stream()
                .map(message -> message.path("text").asText())
                .filter(text -> text.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no message " + beginning + " in " + messages(channel)));
    }

    /** The rows of a table, absent values left out. */
    List<Map<String, Object>> rows(String table) throws SQLException {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/results.db"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
            while (result.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    @Nullable Object value = result.getObject(column);
                    if (value != null) {
                        row.put(result.getMetaData().getColumnName(column), value);
                    }
                }
                rows.add(row);
            }
        }
        return rows;
    }

    static Sample sample(String vendor, String event) {
        return SAMPLES.find(vendor, event, Optional.empty()).orElseThrow();
    }

    static Sample sample(String vendor, String event, String shape) {
        return SAMPLES.find(vendor, event, Optional.of(shape)).orElseThrow();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        node.close();
        slack.stop();
        web.stop();
    }
}

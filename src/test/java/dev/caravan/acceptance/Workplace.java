package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.automation.AutomationState;
import dev.caravan.delivery.Settled;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.InboxReader;
import dev.caravan.runtime.Node;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.runtime.NodeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A directory such as a user has, the node that runs in it, and the Slack that it tells. */
public final class Workplace implements AutoCloseable {
    public static final String SECRET = "koji-hush-secret-6f1c";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SlackStandIn slack = new SlackStandIn();
    private final Map<String, String> settings = new TreeMap<>();
    private final Path directory;
    private @Nullable Node node;

    /** A directory with a Koji source, a Slack URL and ephemeral ports. */
    public Workplace(Path directory) {
        this.directory = directory;
        set("camel.server.port", "0");
        set("camel.management.port", "0");
        set("caravan.source.koji.preset", "koji");
        set("caravan.source.koji.secret", SECRET);
        set("slack.research.webhook-url", slack.webhookUrl());
    }

    public Path directory() {
        return directory;
    }

    public SlackStandIn slack() {
        return slack;
    }

    /** Writes the key into application.properties. */
    public Workplace set(String key, String value) {
        settings.put(key, value);
        return writeSettings();
    }

    /** Takes the key out of application.properties. */
    Workplace unset(String key) {
        settings.remove(key);
        return writeSettings();
    }

    private Workplace writeSettings() {
        StringBuilder text = new StringBuilder();
        settings.forEach((k, v) -> text.append(k).append(" = ").append(v).append('\n'));
        write(directory.resolve("application.properties"), text.toString());
        return this;
    }

    /** Saves a route file as most editors do: by an atomic rename. */
    public Workplace route(String name, String yaml) {
        Path file = routeFile(name);
        Path whole = directory.resolve("saving.tmp");
        write(whole, yaml);
        try {
            Files.createDirectories(directory.resolve("routes"));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Path routeFile(String name) {
        return directory.resolve("routes").resolve(name + ".yaml");
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A route that tells Slack {@code label}, the event's id and the interview's id; step id {@code message}. */
    public static String toSlack(String id, String label, String... options) {
        return """
                - route:
                    id: %s
                    from:
                      uri: inbox:koji
                      parameters:
                        concurrency: 16
                %s
                      steps:
                        - to:
                            id: message
                            uri: kamelet:slack-message-sink
                            parameters:
                              webhookUrl: "{{slack.research.webhook-url}}"
                              text: "%s ${variable.eventId} ${body[data][interview_id]}"
                """.formatted(id, String.join("\n", options).indent(8).stripTrailing(), label);
    }

    public Workplace start() {
        return start(settled -> {});
    }

    /** Starts with an observer, which is told on the thread that writes to the inbox. */
    Workplace start(Consumer<Settled> observer) {
        return start(NodeOptions.of(directory).withSettled(observer));
    }

    /** Starts with a clock of the test's. */
    Workplace start(Clock clock) {
        return start(NodeOptions.of(directory).withClock(clock));
    }

    private Workplace start(NodeOptions options) {
        try {
            node = Node.start(NodeConfig.read(directory), options);
            return this;
        } catch (Exception e) {
            throw new AssertionError("The node did not start", e);
        }
    }

    public void stop() {
        if (node != null) {
            node.close();
            node = null;
        }
    }

    public Node node() {
        if (node == null) {
            throw new IllegalStateException("The node does not run");
        }
        return node;
    }

    Web web() {
        return new Web("http://127.0.0.1:" + node().port());
    }

    Web management() {
        return new Web("http://127.0.0.1:" + node().managementPort());
    }

    /** Sends a signed Koji event. */
    public Answer koji(String body) {
        return web().koji(body);
    }

    public InboxReader inbox() {
        return node().inboxReader();
    }

    AutomationState automation(String id) {
        return node().automations().stream()
                .filter(state -> state.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no automation " + id));
    }

    List<DeliverySummary> deliveries(String automation) {
        return inbox().deliveries(Optional.empty(), Optional.of(automation), 0);
    }

    public DeliverySummary only(String automation) {
        List<DeliverySummary> found = deliveries(automation);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    public DeliverySummary awaitOnly(String automation, DeliveryState state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(only(automation).state()).isEqualTo(state));
        return only(automation);
    }

    public void awaitSettled() {
        await().atMost(PATIENCE)
                .until(() -> inbox().deliveryCounts().keySet().stream()
                        .allMatch(state -> state == DeliveryState.SUCCEEDED || state == DeliveryState.DEAD));
    }

    /** A connection of the test's own to the inbox's file. A node that runs keeps it from writing. */
    Connection database() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/caravan.db"));
    }

    @Override
    public void close() {
        stop();
        slack.close();
    }
}

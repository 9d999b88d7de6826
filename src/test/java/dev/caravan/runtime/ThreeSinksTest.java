package dev.caravan.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serviceUnavailable;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.caravan.inbox.DeliveryState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database, Slack and an HTTP endpoint in one automation: what is done stays done while the last one fails. */
class ThreeSinksTest {
    private final WireMockServer web =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().stubCorsEnabled(false));

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws Exception {
        web.start();
        Files.createDirectories(directory.resolve("routes"));
        Files.writeString(directory.resolve("application.properties"), """
                camel.server.port = 0
                camel.management.port = 0
                caravan.delivery.retry = 20ms,20ms,20ms
                caravan.source.acme.signature = none
                caravan.source.acme.signature.none.accepted = true
                caravan.source.acme.event-type = /event
                caravan.datasource.log.url = %s
                """.formatted(database()));
        Files.writeString(directory.resolve("routes/three.yaml"), """
                - route:
                    id: three
                    from:
                      uri: inbox:acme
                      steps:
                        - to:
                            id: row
                            uri: kamelet:database-upsert-sink
                            parameters:
                              datasource: log
                              table: call
                              key: id
                              columns: "id: ${body[id]}"
                        - to:
                            id: message
                            uri: kamelet:slack-message-sink
                            parameters: {webhookUrl: "%1$s/services/T/B/x", text: "New: ${body[id]}"}
                        - to:
                            id: forward
                            uri: kamelet:http-forward-sink
                            parameters: {url: "%1$s/hook"}
                """.formatted(web.baseUrl()));
        try (Connection connection = DriverManager.getConnection(database());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE call (id TEXT PRIMARY KEY)");
            statement.execute("CREATE TABLE written (id TEXT)");
            statement.execute(
                    "CREATE TRIGGER inserted AFTER INSERT ON call BEGIN INSERT INTO written VALUES (new.id); END");
            statement.execute(
                    "CREATE TRIGGER updated AFTER UPDATE ON call BEGIN INSERT INTO written VALUES (new.id); END");
        }
    }

    @AfterEach
    void close() {
        web.stop();
    }

    private String database() {
        return "jdbc:sqlite:" + directory.resolve("log.db");
    }

    private int written() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM written")) {
            return row.getInt(1);
        }
    }

    @Test
    void oneRowAndOneMessageWhileTheThirdFailsTwice() throws Exception {
        web.stubFor(post(urlPathEqualTo("/services/T/B/x")).willReturn(WireMock.ok("ok")));
        web.stubFor(post("/hook")
                .inScenario("hook")
                .willReturn(serviceUnavailable())
                .willSetStateTo("once"));
        web.stubFor(post("/hook")
                .inScenario("hook")
                .whenScenarioStateIs("once")
                .willReturn(serviceUnavailable())
                .willSetStateTo("twice"));
        web.stubFor(post("/hook")
                .inScenario("hook")
                .whenScenarioStateIs("twice")
                .willReturn(WireMock.ok())
                .willSetStateTo(Scenario.STARTED));
        try (Node node = Node.start(NodeConfig.read(directory), NodeOptions.of(directory))) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + node.port() + "/webhooks/acme"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"event\":\"done\",\"id\":\"c1\"}"))
                    .build();
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(node.inboxReader().deliveryCounts()).containsOnlyKeys(DeliveryState.SUCCEEDED));
        }

        assertThat(written()).isEqualTo(1);
        web.verify(1, postRequestedFor(urlPathEqualTo("/services/T/B/x")));
        web.verify(3, postRequestedFor(urlPathEqualTo("/hook")));
    }
}

package dev.caravan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits for the disk stays counted, however its sender was answered: else memory fills while a disk hangs. */
@Timeout(60)
class InFlightTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void aRequestCountsUntilItsCommitIsOverAlsoWhenItWasAnsweredBefore(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("application.properties"), """
                camel.server.port = 0
                camel.management.port = 0
                caravan.http.max-in-flight = 1
                caravan.source.acme.signature = none
                caravan.source.acme.signature.none.accepted = true
                caravan.source.acme.event-type = /event
                """);
        try (Node node = Node.start(NodeConfig.read(directory), NodeOptions.of(directory))) {
            try (var other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/caravan.db"));
                    var statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");

                assertThat(post(node, 1)).isEqualTo("503 the event cannot be stored right now");
                assertThat(post(node, 2)).isEqualTo("503 too many requests are in flight");
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> post(node, 3).startsWith("200"));
            assertThat(node.inboxReader().eventCount()).isEqualTo(2);
        }
    }

    private String post(Node node, int number) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/webhooks/acme"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"event\":\"done\",\"n\":" + number + "}"))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body().replaceAll(".*\"error\":\"([^\"]*)\".*", "$1");
    }
}

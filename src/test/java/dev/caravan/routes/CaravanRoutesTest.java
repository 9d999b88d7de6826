package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import dev.caravan.automation.AutomationState.State;
import dev.caravan.inbox.DeliveryState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the shipped automations do with Caravan's own events. */
@Timeout(90)
class CaravanRoutesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String INTERVIEW = """
            {"type":"interview.completed","timestamp":"2026-03-14T09:26:53Z","data":{"interview_id":"int_9",\
            "study_id":"std_1","participant":{"name":"Zoë <!channel>"},"quality_score":4}}""";

    @TempDir
    private Path directory;

    private static void refuse(ShippedRoutes shipped, String channel) {
        shipped.slack.stubFor(WireMock.post(WireMock.urlPathMatching("/services/.*/" + channel))
                .willReturn(WireMock.aResponse().withStatus(404).withBody("no_service")));
    }

    private static List<String> told(ShippedRoutes shipped) {
        return shipped.messages("operations").stream()
                .map(message -> message.path("text").asText())
                .toList();
    }

    @Test
    void aDeadDeliveryIsARowAndAMessage() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            refuse(shipped, "research");
            byte[] body = INTERVIEW.getBytes(StandardCharsets.UTF_8);
            String event = shipped.send("koji", body);
            String delivery = shipped.delivery(event, "koji-completed-to-slack").id();

            await().atMost(PATIENCE).until(() -> told(shipped).size() == 2);
            assertThat(told(shipped))
                    .anySatisfy(text -> assertThat(text)
                            .contains(
                                    "A delivery is dead", "koji-completed-to-slack", event, "404", "replay " + delivery)
                            .doesNotContain("Zoë"));

            await().atMost(PATIENCE).until(() -> shipped.rows("failed_webhooks").size() == 2);
            Map<String, Object> row = shipped.rows("failed_webhooks").stream()
                    .filter(found -> delivery.equals(found.get("delivery_id")))
                    .findFirst()
                    .orElseThrow();
            assertThat(row)
                    .containsEntry("automation", "koji-completed-to-slack")
                    .containsEntry("event_id", event)
                    .containsEntry("source", "koji")
                    .containsEntry("event_type", "interview.completed")
                    .containsEntry("http_status", 404);
            JsonNode payload = ShippedRoutes.json(String.valueOf(row.get("payload")));
            assertThat(payload).isEqualTo(ShippedRoutes.JSON.readTree(body));
            JsonNode attempts = ShippedRoutes.json(String.valueOf(row.get("attempts")));
            assertThat(attempts).hasSize(1);
            assertThat(attempts.at("/0/http_status").asInt()).isEqualTo(404);
            assertThat(String.valueOf(row.get("error"))).contains("404");
        }
    }

    @Test
    void whatCannotBeToldIsNotToldOfAgain() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            refuse(shipped, "research");
            refuse(shipped, "operations");
            shipped.send("koji", INTERVIEW.getBytes(StandardCharsets.UTF_8));

            await().atMost(PATIENCE)
                    .until(() -> shipped.deliveriesOf("caravan-dead-to-slack").stream()
                                    .filter(delivery -> delivery.state() == DeliveryState.DEAD)
                                    .count()
                            == 2);
            shipped.awaitQuiet();
            assertThat(shipped.events("caravan")).hasSize(2);
            assertThat(shipped.rows("failed_webhooks")).hasSize(2);
        }
    }

    @Test
    void aSourceThatRefusesEverythingIsToldOnce() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            HttpClient http = HttpClient.newHttpClient();
            for (int i = 0; i < 12; i++) {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + shipped.port() + "/webhooks/koji"))
                        .header("X-Koji-Signature", "sha256=" + "0".repeat(64))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"study.published\",\"n\":" + i + "}"))
                        .build();
                assertThat(http.send(request, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(401);
            }
            await().atMost(PATIENCE).until(() -> !told(shipped).isEmpty());
            shipped.awaitQuiet();
            assertThat(told(shipped)).hasSize(1);
            assertThat(told(shipped).get(0)).contains("The source koji refuses requests", "Wrong signature: 3");
        }
    }

    @Test
    void aBrokenAutomationIsToldOnceAndAgainWhenItBreaksAgain() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            Path file = directory.resolve("routes/koji-study-digest.yaml");
            String good = Files.readString(file);
            String broken = good.replace("kamelet:slack-message-sink", "kamelet:slak-message-sink");
            Files.writeString(file, broken);
            await().atMost(PATIENCE).until(() -> told(shipped).size() == 1);
            assertThat(told(shipped).get(0))
                    .contains(
                            "cannot run as it was saved", "routes/koji-study-digest.yaml", "slak-message-sink", "true");

            Files.writeString(file, broken + "# still\n");
            Files.writeString(directory.resolve("routes/other.yaml"), "- route: {}\n");
            await().atMost(PATIENCE).until(() -> told(shipped).size() == 2);
            assertThat(told(shipped).get(1)).contains("routes/other.yaml");

            Files.writeString(file, good);
            await().atMost(PATIENCE)
                    .until(() -> shipped.automation("koji-study-digest").state() == State.ON);
            Files.writeString(file, broken);
            await().atMost(PATIENCE).until(() -> told(shipped).size() == 3);
            assertThat(told(shipped).get(2)).contains("routes/koji-study-digest.yaml");
        }
    }
}

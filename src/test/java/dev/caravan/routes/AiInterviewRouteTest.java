package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.samples.Sample;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AiInterviewRouteTest {
    private static final String ID = "ai-interview-to-database";
    private static final String ALLOWED = "caravan.download.private-hosts = localhost";

    @TempDir
    private Path directory;

    @Test
    void anInterviewIsStoredWithItsTranscriptAndTold() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, ALLOWED).recording("shipped ai-interview route")) {
            shipped.web.stubFor(WireMock.get("/t/1.json")
                    .willReturn(WireMock.okJson("{\"turns\":[{\"who\":\"Kim\",\"said\":\"Grüße 😀 'x' <b>\"}]}")));
            String id = shipped.send("ai-interview", interview(shipped));
            assertThat(shipped.rows("interviews"))
                    .containsExactly(Map.of(
                            "source", "ai-interview",
                            "session_id", "sess_4711",
                            "participant_email", "kim@umbrella.example",
                            "transcript", "{\"turns\":[{\"who\":\"Kim\",\"said\":\"Grüße 😀 'x' <b>\"}]}",
                            "transcript_url", shipped.web.baseUrl() + "/t/1.json",
                            "duration_minutes", 23.5,
                            "completed_at", "2026-02-03T14:05:00Z",
                            "event_id", id));
            assertThat(shipped.text("research", "*AI interview")).isEqualTo("""
                    *AI interview completed*
                    Participant: kim@umbrella.example
                    Duration: 23.5 minutes""");
        }
    }

    @Test
    void withoutATranscriptUrlNothingIsFetched() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            shipped.send(
                    "ai-interview",
                    sample("ai-interview", "interview.completed")
                            .with(List.of("transcript_url=null", "total_minutes=null")));
            assertThat(shipped.rows("interviews"))
                    .singleElement()
                    .satisfies(row -> assertThat(row)
                            .doesNotContainKeys("transcript", "transcript_url", "duration_minutes")
                            .containsEntry("session_id", "sess_4711"));
            assertThat(shipped.text("research", "*AI interview"))
                    .isEqualTo("*AI interview completed*\nParticipant: kim@umbrella.example");
        }
    }

    @Test
    void aTranscriptThatIsGoneCostsNeitherRowNorMessage() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, ALLOWED)) {
            answerTranscript(shipped, WireMock.aResponse().withStatus(404));
            String id = shipped.send("ai-interview", interview(shipped));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.delivery(id, ID).attempts()).isEqualTo(1);
            assertStoredWithout(shipped, "404");
        }
    }

    @Test
    void aHostThatIsNotAllowedIsNamedInTheMessage() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            shipped.send("ai-interview", interview(shipped));
            assertStoredWithout(shipped, "caravan.download.hosts");
        }
    }

    @Test
    void aServerThatIsDownIsAskedThreeTimesMoreBeforeItGoesOnWithout() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, ALLOWED)) {
            answerTranscript(shipped, WireMock.aResponse().withStatus(503));
            String id = shipped.send("ai-interview", interview(shipped));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.delivery(id, ID).attempts()).isEqualTo(4);
            assertStoredWithout(shipped, "503");
            assertThat(shipped.messages("research")).hasSize(1);
        }
    }

    @Test
    void aServerThatComesBackCostsNothing() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, ALLOWED)) {
            shipped.web.stubFor(WireMock.get("/t/1.json")
                    .inScenario("down")
                    .whenScenarioStateIs(Scenario.STARTED)
                    .willSetStateTo("up")
                    .willReturn(WireMock.aResponse().withStatus(503)));
            shipped.web.stubFor(WireMock.get("/t/1.json")
                    .inScenario("down")
                    .whenScenarioStateIs("up")
                    .willReturn(WireMock.okJson("[\"hello\"]")));
            shipped.send("ai-interview", interview(shipped));
            assertThat(shipped.rows("interviews"))
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsEntry("transcript", "[\"hello\"]"));
            assertThat(shipped.messages("research")).hasSize(1);
        }
    }

    @Test
    void feedbackIsStoredAsItsJson() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            String id = shipped.send(
                    "ai-interview",
                    sample("ai-interview", "session.feedback_submitted")
                            .with(List.of("feedback.comment=It's \"good\"; DROP TABLE feedback; -- ${body} 😀")));
            assertThat(shipped.rows("feedback"))
                    .containsExactly(Map.of(
                            "source", "ai-interview",
                            "session_id", "sess_4711",
                            "feedback",
                                    "{\"rating\":5,\"comment\":\"It's \\\"good\\\"; DROP TABLE feedback; -- ${body} 😀\","
                                            + "\"would_recommend\":true}",
                            "submitted_at", "2026-02-03T14:07:12Z",
                            "event_id", id));
            assertThat(shipped.messages("research")).isEmpty();
        }
    }

    @Test
    void withoutASlackUrlTheMessageIsSkippedAndTheRowIsWritten() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.withSlack(directory)) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.ON);
            assertThat(state.skippedSteps()).anyMatch(step -> step.contains("message"));
            shipped.send("ai-interview", sample("ai-interview", "interview.completed"));
            assertThat(shipped.rows("interviews")).hasSize(1);
        }
    }

    private static Sample interview(ShippedRoutes shipped) {
        return sample("ai-interview", "interview.completed")
                .with(List.of("transcript_url=" + shipped.web.baseUrl() + "/t/1.json"));
    }

    private static void answerTranscript(ShippedRoutes shipped, ResponseDefinitionBuilder answer) {
        shipped.web.stubFor(WireMock.get("/t/1.json").willReturn(answer));
    }

    private static void assertStoredWithout(ShippedRoutes shipped, String reason) throws Exception {
        assertThat(shipped.rows("interviews"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .doesNotContainKey("transcript")
                        .containsEntry("transcript_url", shipped.web.baseUrl() + "/t/1.json"));
        assertThat(shipped.text("research", "*AI interview"))
                .contains("Transcript not stored: ", reason)
                .contains("Duration: 23.5 minutes");
    }
}

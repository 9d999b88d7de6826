package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** koji-analysis-to-database. */
@Timeout(120)
class KojiDatabaseRouteTest {
    private static final String ID = "koji-analysis-to-database";
    private static final String INTERVIEW = "/api/v1/interviews/f8e7d6c5-b4a3-2109-8765-432109876543";
    private static final String HOSTILE =
            "<!channel> '; DROP TABLE koji_interviews; -- ${body} {{env:PATH}} \r\n😀 \u202Eabc";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji database route", "${body}", "{{env:PATH}}");
    private final MailServer mail = MailServer.start();

    @AfterEach
    void stop() {
        mail.close();
        vendors.close();
    }

    private ShippedRoutes start(String[] lines, String... more) throws Exception {
        return ShippedRoutes.start(directory, Vendors.with(lines, more))
                .recording("shipped koji database route", "${body}", "{{env:PATH}}");
    }

    private void interviewIs(String json) {
        vendors.server.stubFor(Vendors.request("GET", Vendors.KOJI, INTERVIEW).willReturn(WireMock.okJson(json)));
    }

    @Test
    void anAnalysedInterviewIsOneRowWithWhatTheEventAndTheInterviewSay() throws Exception {
        interviewIs(
                "{\"analysis\":{\"summary\":\"Likes it\"},\"structured_answers\":[{\"question_id\":\"q1\",\"value\":7}]}");
        try (ShippedRoutes shipped = start(vendors.keys("koji"))) {
            String id = shipped.send("koji", sample("koji", "interview.analysis_ready", "older"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            Map<String, Object> row = shipped.rows("koji_interviews").get(0);
            assertThat(row)
                    .containsEntry("source", "koji")
                    .containsEntry("interview_id", "f8e7d6c5-b4a3-2109-8765-432109876543")
                    .containsEntry("study_id", "a1b2c3d4-e5f6-7890-abcd-ef1234567890")
                    .containsEntry("status", "completed")
                    .containsEntry("analysis_status", "completed")
                    .containsEntry("quality_score", 4.2)
                    .containsEntry("respondent", "{\"id\":\"r_abc123def456\",\"name\":\"Jane Doe\"}")
                    .containsEntry("stats", "{\"duration_seconds\":1530,\"total_messages\":37}")
                    .containsEntry("metadata", "{\"segment\":\"power_users\",\"source\":\"onboarding_flow\"}")
                    .containsEntry("summary", "Likes it")
                    .containsEntry("structured_answers", "[{\"question_id\":\"q1\",\"value\":7}]")
                    .containsEntry("analysed_at", "2025-01-15T10:26:15Z")
                    .containsEntry("event_id", id)
                    .doesNotContainKeys("study_title", "respondent_email");
            assertThat(String.valueOf(row.get("interview"))).contains("\"summary\":\"Likes it\"");
        }
        assertThat(vendors.requests(Vendors.KOJI)).hasSize(1);
        assertThat(vendors.requests(Vendors.KOJI).get(0).getHeader("Authorization"))
                .isEqualTo("Bearer kj-test-key");
    }

    @Test
    void withoutAnApiKeyTheRowHoldsWhatTheEventSays() throws Exception {
        try (ShippedRoutes shipped = start(new String[0])) {
            shipped.send("koji", sample("koji", "interview.analysis_ready", "newer"));
            assertThat(shipped.automation(ID).state()).isEqualTo(AutomationState.State.ON);
            assertThat(shipped.automation(ID).skippedSteps()).containsExactly("interview", "thanks");
            Map<String, Object> row = shipped.rows("koji_interviews").get(0);
            assertThat(row)
                    .containsEntry("study_title", "Why customers leave")
                    .containsEntry("respondent_email", "ada@initech.example")
                    .doesNotContainKeys("summary", "interview", "metadata");
            assertThat(String.valueOf(row.get("structured_answers"))).contains("\"question_id\":\"q6\"");
        }
        assertThat(vendors.hosts()).isEmpty();
    }

    @Test
    void anInterviewThatCannotBeFetchedYetIsStoredLater() throws Exception {
        vendors.server.stubFor(Vendors.request("GET", Vendors.KOJI, INTERVIEW)
                .inScenario("koji")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("up")
                .willReturn(WireMock.aResponse().withStatus(503)));
        try (ShippedRoutes shipped = start(vendors.keys("koji"))) {
            String id = shipped.send("koji", sample("koji", "interview.analysis_ready", "older"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.delivery(id, ID).attempts()).isEqualTo(2);
            assertThat(shipped.rows("koji_interviews")).hasSize(1);
        }
    }

    /** Nothing of what a step reads is kept for the next attempt: caravan.delivery.step-state does not bound it. */
    @Test
    void aLongInterviewIsStoredToo() throws Exception {
        interviewIs("{\"analysis\":{\"summary\":\"Likes it\"},\"transcript\":\"" + "word ".repeat(400_000) + "\"}");
        try (ShippedRoutes shipped = start(vendors.keys("koji"))) {
            String id = shipped.send("koji", sample("koji", "interview.analysis_ready", "older"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.rows("koji_interviews").get(0)).containsEntry("summary", "Likes it");
        }
    }

    @Test
    void slackIsToldOfTheValuesThatAreWatchedOnly() throws Exception {
        try (ShippedRoutes shipped = start(new String[0], "koji.alert.values = Power_Users|enterprise")) {
            shipped.send("koji", sample("koji", "interview.analysis_ready", "older"));
            shipped.send(
                    "koji",
                    sample("koji", "interview.analysis_ready", "older")
                            .with(List.of("data.interview_id=2", "data.metadata.segment=not_power_users")));
            shipped.send("koji", sample("koji", "interview.analysis_ready", "newer"));
            assertThat(alerts(shipped)).containsExactly("""
                    :eyes: *Interview with power_users*
                    Study: a1b2c3d4-e5f6-7890-abcd-ef1234567890
                    Name: Jane Doe
                    Quality score: 4.2""");
        }
    }

    @Test
    void whichValueIsWatchedIsAKey() throws Exception {
        try (ShippedRoutes shipped = start(
                new String[0],
                "koji.alert.pointer = /data/metadata/plan, /data/participant/plan",
                "koji.alert.values = team")) {
            shipped.send("koji", sample("koji", "interview.analysis_ready", "newer"));
            assertThat(alerts(shipped)).hasSize(1);
        }
    }

    private static List<String> alerts(ShippedRoutes shipped) {
        return shipped.messages("research").stream()
                .map(message -> message.path("text").asText())
                .filter(text -> text.startsWith(":eyes:"))
                .toList();
    }

    @Test
    void theParticipantIsThankedWhereThatIsWanted() throws Exception {
        try (ShippedRoutes shipped = start(mail.keys(), "koji.thank-you.subject = Thank you!")) {
            shipped.send("koji", sample("koji", "interview.analysis_ready", "newer"));
            shipped.send("koji", sample("koji", "interview.analysis_ready", "older"));
        }
        assertThat(mail.mails()).hasSize(1);
        assertThat(mail.mails().get(0).to()).isEqualTo("ada@initech.example");
        assertThat(mail.mails().get(0).subject()).isEqualTo("Thank you!");
        assertThat(mail.mails().get(0).text()).contains("Hello Ada,");
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        ObjectNode event = (ObjectNode) ShippedRoutes.JSON.readTree(
                sample("koji", "interview.analysis_ready", "newer").body());
        ObjectNode data = (ObjectNode) event.get("data");
        data.put("study_title", HOSTILE).put("status", "x".repeat(100_000));
        ((ObjectNode) data.get("participant")).put("name", HOSTILE).put("company", "a\u0000b");
        data.putObject("metadata").put("segment", HOSTILE);
        String[] lines = Vendors.with(mail.keys(), "koji.thank-you.subject = Thanks");
        try (ShippedRoutes shipped = start(lines, "koji.alert.values = .*")) {
            String id = shipped.send("koji", ShippedRoutes.JSON.writeValueAsBytes(event));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.rows("koji_interviews").get(0).get("study_title"))
                    .isEqualTo(HOSTILE);
            assertThat(alerts(shipped).get(0)).contains("&lt;!channel&gt; '; DROP TABLE", "${body} {{env:PATH}}");
        }
        assertThat(mail.mails()).hasSize(1);
        assertThat(mail.mails().get(0).text()).contains("<!channel> '; DROP TABLE", "${body} {{env:PATH}}");
        assertThat(mail.mails().get(0).html()).contains("&lt;!channel&gt;");
    }
}

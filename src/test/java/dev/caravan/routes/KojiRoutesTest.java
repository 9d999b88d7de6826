package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.caravan.inbox.DeliveryState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KojiRoutesTest {
    private static final String COMPLETED = "koji-completed-to-slack";
    private static final String HOSTILE = "<!channel> & \"q\" ${body} {{x}} 😀\r\nEvil: <https://evil.example|here>";

    @TempDir
    private Path directory;

    private ShippedRoutes shipped;

    @BeforeEach
    void start() throws Exception {
        shipped = ShippedRoutes.start(directory).recording("shipped koji routes", "${body}", "{{x}}");
    }

    @AfterEach
    void stop() {
        shipped.close();
    }

    @Test
    void aCompletedInterviewIsToldInTheResearchChannel() throws Exception {
        shipped.send("koji", sample("koji", "interview.completed").with(List.of("data.participant.role=Analyst")));
        assertThat(shipped.text("research", "*New interview completed*")).isEqualTo("""
                *New interview completed*
                Study: Post-Trial Feedback
                Name: Sarah
                Role: Analyst
                Company: Acme Corp
                Plan: enterprise
                Quality score: 4""");
        assertThat(buttons()).containsExactly("https://app.koji.so/studies/xyz789/interviews/abc123");
    }

    @Test
    void theOlderShapeIsToldAsWellAndWhatItLacksLeavesNothing() throws Exception {
        shipped.send("koji", sample("koji", "interview.completed", "older"));
        assertThat(shipped.text("research", "*New interview completed*")).isEqualTo("""
                *New interview completed*
                Study: a1b2c3d4-e5f6-7890-abcd-ef1234567890
                Name: Jane Doe
                Role: Product Manager
                Company: Globex""");
        assertThat(buttons()).isEmpty();
    }

    @Test
    void bothShapesOfEveryEventOfItAreDelivered() throws Exception {
        for (String event :
                List.of("interview.completed", "interview.analysis_ready", "interview.failed_quality_gate")) {
            for (String shape : List.of("older", "newer")) {
                String id = shipped.send("koji", sample("koji", event, shape));
                assertThat(shipped.delivery(id, COMPLETED).state()).isEqualTo(DeliveryState.SUCCEEDED);
            }
        }
        assertThat(shipped.text("research", "*Interview analysis is ready*")).contains("Quality score: 4.2");
        assertThat(shipped.text("research", "*Interview failed the quality gate*"))
                .contains("Quality score: 1");
    }

    @Test
    void theStudyDecidesOnTheChannel() throws Exception {
        shipped.send("koji", sample("koji", "interview.analysis_ready", "newer"));
        shipped.send(
                "koji",
                sample("koji", "interview.analysis_ready", "newer")
                        .with(List.of(
                                "data.interview_id=other",
                                "data.study_id=s1",
                                "data.study_title=New Feature: Export")));
        assertThat(shipped.messages("customer-success")).hasSize(1);
        assertThat(shipped.text("customer-success", "*Interview analysis is ready*"))
                .contains("Company: Initech", "Plan: team", "Role: Head of Operations");
        assertThat(shipped.messages("product")).hasSize(1);
        assertThat(shipped.messages("research")).isEmpty();
    }

    @Test
    void emptyValuesAndNullsLeaveNoLine() throws Exception {
        shipped.send(
                "koji",
                sample("koji", "interview.completed")
                        .with(List.of(
                                "data.participant=null",
                                "data.study_title=",
                                "data.quality_score=null",
                                "data.transcript_url=null")));
        assertThat(shipped.text("research", "*New interview completed*")).isEqualTo("""
                *New interview completed*
                Study: xyz789""");
        assertThat(buttons()).isEmpty();
    }

    @Test
    void anEventWithoutDataIsToldNonetheless() throws Exception {
        String id = shipped.send("koji", "{\"type\":\"interview.completed\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(shipped.deliveries(id)).allMatch(delivery -> delivery.state() == DeliveryState.SUCCEEDED);
        assertThat(shipped.text("research", "*New interview completed*")).isEqualTo("*New interview completed*");
    }

    @Test
    void aHostileNameArrivesAsText() throws Exception {
        shipped.send("koji", hostile("participant"));
        assertThat(shipped.text("research", "*New interview completed*"))
                .contains(
                        "Name: &lt;!channel&gt; &amp; \"q\" ${body} {{x}} 😀\nEvil: &lt;https://evil.example|here&gt;")
                .doesNotContain("<!channel>", "<https");
        assertThat(buttons()).isEmpty();
    }

    @Test
    void theDayHasOneDigestPerStudy() throws Exception {
        for (int number = 1; number <= 3; number++) {
            String id =
                    shipped.send("koji", sample("koji", "interview.completed").numbered(number));
            assertThat(shipped.delivery(id, "koji-study-digest").state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        shipped.send(
                "koji",
                sample("koji", "interview.completed").numbered(4).with(List.of("timestamp=2026-04-17T09:00:00Z")));
        shipped.send("koji", sample("koji", "interview.completed", "older"));
        assertThat(digests())
                .containsExactly(
                        "*First interview of the day*\nStudy: Post-Trial Feedback\nDay: 2026-04-16",
                        "*First interview of the day*\nStudy: Post-Trial Feedback\nDay: 2026-04-17",
                        "*First interview of the day*\nStudy: a1b2c3d4-e5f6-7890-abcd-ef1234567890\nDay: 2025-01-15");
    }

    @Test
    void aDigestThatSlackRefusedAtFirstIsNotLost() throws Exception {
        shipped.slack.stubFor(WireMock.post(WireMock.urlPathMatching("/services/.*"))
                .withRequestBody(WireMock.containing("First interview"))
                .inScenario("busy")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("free")
                .willReturn(WireMock.aResponse().withStatus(429).withHeader("Retry-After", "0")));
        String id = shipped.send("koji", sample("koji", "interview.completed"));
        assertThat(shipped.delivery(id, "koji-study-digest").state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(shipped.delivery(id, "koji-study-digest").attempts()).isEqualTo(2);
    }

    private List<String> digests() {
        return shipped.messages("research").stream()
                .map(message -> message.path("text").asText())
                .filter(text -> text.startsWith("*First"))
                .toList();
    }

    private List<String> buttons() {
        return shipped.messages("research").stream()
                .flatMap(message -> message.findValuesAsText("url").stream())
                .toList();
    }

    private static byte[] hostile(String person) throws Exception {
        ObjectNode root = (ObjectNode) ShippedRoutes.JSON.readTree(
                sample("koji", "interview.completed").body());
        JsonNode data = root.get("data");
        ((ObjectNode) data.get(person)).put("name", HOSTILE).put("company", "a > b");
        ((ObjectNode) data).put("transcript_url", "javascript:alert(1)");
        return ShippedRoutes.JSON.writeValueAsBytes(root);
    }
}

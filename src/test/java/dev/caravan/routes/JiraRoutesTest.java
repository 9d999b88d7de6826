package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.samples.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** koeiq-alert-to-jira, kejue-campaign-failed-to-jira and koji-study-published. */
@Timeout(120)
class JiraRoutesTest {
    private static final String CREATE = "/rest/api/3/issue";
    private static final String HOSTILE =
            "<!channel> \"q\" \\ {noformat} ]]> </ac:macro> ${body} {{env:PATH}} '; DROP 😀 \u202Eabc";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped jira routes", "${body}", "{{env:PATH}}");

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start(String... more) throws Exception {
        return ShippedRoutes.start(directory, Vendors.with(vendors.keys("jira"), more));
    }

    private List<JsonNode> issues() {
        return vendors.bodies(Vendors.ATLASSIAN, CREATE);
    }

    /** The plain text of an issue's description, a line for each text. */
    private static String words(JsonNode issue) {
        return String.join("\n", issue.at("/fields/description").findValuesAsText("text"));
    }

    private static List<String> labels(JsonNode issue) {
        List<String> labels = new ArrayList<>();
        issue.at("/fields/labels").forEach(label -> labels.add(label.asText()));
        return labels;
    }

    @Test
    void anAlertIsAnIssue() throws Exception {
        try (ShippedRoutes shipped = start(
                "koeiq.alerts.jira-project = SUP",
                "koeiq.alerts.jira-issue-type = Incident",
                "koeiq.alerts.jira-priority = High")) {
            shipped.send("koeiq", sample("koeiq", "alert.triggered"));
            JsonNode issue = issues().get(0);
            assertThat(issues()).hasSize(1);
            assertThat(issue.at("/fields/project/key").asText()).isEqualTo("SUP");
            assertThat(issue.at("/fields/issuetype/name").asText()).isEqualTo("Incident");
            assertThat(issue.at("/fields/priority/name").asText()).isEqualTo("High");
            assertThat(issue.at("/fields/summary").asText())
                    .isEqualTo("KoeIQ alert: Low Quality Score (CALL-20260317-001)");
            assertThat(words(issue))
                    .contains(
                            "Low Quality Score",
                            "quality_score_below",
                            "60",
                            "45",
                            "CALL-20260317-001",
                            "vl_xxxx",
                            "OP001",
                            "2026-03-17T09:02:00Z");
            assertThat(labels(issue))
                    .contains("koeiq", "alert")
                    .anyMatch(label -> label.matches("caravan-[0-9a-f]{32}"));
        }
    }

    @Test
    void anAlertWithoutItsFieldsIsAnIssueNonetheless() throws Exception {
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send(
                    "koeiq",
                    sample("koeiq", "alert.triggered")
                            .with(List.of(
                                    "data.alert_rule_name=null",
                                    "data.alert_rule_id=",
                                    "data.threshold=null",
                                    "data.call_id=",
                                    "data.voicelog_id=vl_1",
                                    "data.operator_id=null")));
            assertThat(shipped.delivery(id, "koeiq-alert-to-jira").state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(issues().get(0).at("/fields/summary").asText()).isEqualTo("KoeIQ alert: unnamed rule (vl_1)");
            assertThat(issues().get(0).at("/fields/project/key").asText()).isEqualTo("OPS");
            assertThat(issues().get(0).at("/fields/priority").isMissingNode()).isTrue();
            assertThat(words(issues().get(0))).doesNotContain("Threshold", "Operator", "null");
        }
    }

    @Test
    void aHostileRuleNameArrivesAsText() throws Exception {
        try (ShippedRoutes shipped = start()) {
            shipped.send(
                    "koeiq",
                    sample("koeiq", "alert.triggered")
                            .with(List.of(
                                    "data.alert_rule_name=" + HOSTILE + "\r\nsecond",
                                    "data.condition=**bold** [x](https://evil.example)" + HOSTILE)));
            assertThat(issues().get(0).at("/fields/summary").asText())
                    .contains(HOSTILE)
                    .doesNotContain("\n", "\r");
            assertThat(words(issues().get(0)))
                    .contains(HOSTILE)
                    .contains("**bold** [x](https://evil.example)" + HOSTILE);
            assertThat(issues().get(0).at("/fields/description").findValuesAsText("href"))
                    .isEmpty();
        }
    }

    @Test
    void jiraThatIsBusyIsAskedAgain() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.ATLASSIAN, CREATE)
                .inScenario("busy")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("free")
                .willReturn(WireMock.aResponse().withStatus(429).withHeader("Retry-After", "0")));
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koeiq", sample("koeiq", "alert.triggered"));
            assertThat(shipped.delivery(id, "koeiq-alert-to-jira").state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(issues()).hasSize(2);
            assertThat(labels(issues().get(0))).isEqualTo(labels(issues().get(1)));
        }
    }

    private static Sample endedAsFailed() {
        return sample("kejue", "campaign.ended")
                .with(List.of(
                        "event_id=evt_other",
                        "data.campaign_id=camp_def",
                        "data.campaign_name=Renewals",
                        "data.end_reason=failed"));
    }

    @Test
    void aFailedCampaignIsOneIssueWhicheverEventComesFirst() throws Exception {
        try (ShippedRoutes shipped = start()) {
            for (List<Sample> order : List.of(
                    List.of(sample("kejue", "campaign.failed"), endedAsFailed()),
                    List.of(endedAsFailed(), sample("kejue", "campaign.failed")))) {
                int before = issues().size();
                for (Sample one : order) {
                    Sample event = one.with(List.of(
                            "data.campaign_id=camp_" + before,
                            "event_id=evt_" + one.event() + before,
                            "data.campaign_name=Renewals"));
                    String id = shipped.send("kejue", event);
                    assertThat(shipped.delivery(id, "kejue-campaign-failed-to-jira")
                                    .state())
                            .isEqualTo(DeliveryState.SUCCEEDED);
                }
                assertThat(issues()).hasSize(before + 1);
            }
            JsonNode issue = issues().get(0);
            assertThat(issue.at("/fields/summary").asText()).isEqualTo("Kejue campaign failed: Renewals");
            assertThat(words(issue)).contains("camp_0", "ws_xyz", "failed", "80");
            assertThat(labels(issue)).contains("kejue", "campaign-failed");
        }
    }

    @Test
    void aCampaignThatEndedWellIsNoIssue() throws Exception {
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("kejue", sample("kejue", "campaign.ended"));
            assertThat(shipped.delivery(id, "kejue-campaign-failed-to-jira").state())
                    .isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(vendors.requests(Vendors.ATLASSIAN)).isEmpty();
        }
    }

    @Test
    void campaignsOfTwoSourcesAndEventsThatNameNoneAreApart() throws Exception {
        try (ShippedRoutes shipped = start()) {
            shipped.send("kejue", sample("kejue", "campaign.failed"));
            shipped.send("kejue-inline", sample("kejue", "campaign.failed"));
            for (int number = 1; number <= 2; number++) {
                shipped.send(
                        "kejue",
                        sample("kejue", "campaign.failed")
                                .with(List.of(
                                        "data.campaign_id=null", "data.campaign_name=null", "event_id=e" + number)));
            }
            assertThat(issues()).hasSize(4);
        }
    }

    @Test
    void anIssueThatJiraRefusedAtFirstIsNeitherLostNorMadeTwice() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.ATLASSIAN, CREATE)
                .inScenario("down")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("up")
                .willReturn(WireMock.aResponse().withStatus(503).withHeader("Retry-After", "0")));
        try (ShippedRoutes shipped = start()) {
            String first = shipped.send("kejue", sample("kejue", "campaign.failed"));
            String second = shipped.send("kejue", endedAsFailed());
            for (String id : List.of(first, second)) {
                assertThat(shipped.delivery(id, "kejue-campaign-failed-to-jira").state())
                        .isEqualTo(DeliveryState.SUCCEEDED);
            }
            assertThat(issues()).as("one refused, one taken").hasSize(2);
            assertThat(labels(issues().get(0))).isEqualTo(labels(issues().get(1)));
        }
    }

    @Test
    void aPublishedStudyIsToldAndPutIntoTheCalendar() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(
                directory, Vendors.with(vendors.keys("jira", "linear"), "jira.research-project = CAL"))) {
            shipped.send("koji", sample("koji", "study.published"));
            assertThat(shipped.text("research", ":mega: *Study published*")).isEqualTo("""
                    :mega: *Study published*
                    Study: Post-Trial Feedback
                    Id: xyz789
                    Published: 2026-04-14T08:00:00Z""");
            JsonNode issue = issues().get(0);
            assertThat(issue.at("/fields/project/key").asText()).isEqualTo("CAL");
            assertThat(issue.at("/fields/summary").asText()).isEqualTo("Study published: Post-Trial Feedback");
            assertThat(issue.at("/fields/duedate").asText()).isEqualTo("2026-04-14");
            assertThat(labels(issue)).contains("research-calendar", "koji");
            JsonNode linear = vendors.bodies(Vendors.LINEAR, ".*").get(0).at("/variables/input");
            assertThat(linear.path("title").asText()).isEqualTo("Study published: Post-Trial Feedback");
            assertThat(linear.path("dueDate").asText()).isEqualTo("2026-04-14");
            assertThat(linear.path("description").asText()).contains("Post-Trial Feedback", "xyz789");
        }
    }

    @Test
    void theOlderShapeOfAStudyIsToldAsWellAndWithoutATrackerItsStepsAreSkipped() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            AutomationState state = shipped.automation("koji-study-published");
            assertThat(state.state()).isEqualTo(AutomationState.State.ON);
            assertThat(state.skippedSteps())
                    .hasSize(2)
                    .anyMatch(step -> step.contains("jira-ticket"))
                    .anyMatch(step -> step.contains("linear-ticket"));
            shipped.send("koji", sample("koji", "study.published", "older"));
            assertThat(shipped.text("research", ":mega: *Study published*"))
                    .contains(
                            "Study: Onboarding",
                            "Id: a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                            "Published: 2025-01-13T09:00:00Z");
            assertThat(vendors.requests(Vendors.ATLASSIAN)).isEmpty();
        }
    }

    @Test
    void aTrackerThatHasOnlySomeOfItsKeysKeepsNothingElseBack() throws Exception {
        try (ShippedRoutes shipped =
                ShippedRoutes.start(directory, "jira.token = ATATT3xFfGF0test", "linear.api-key = lin_api_test")) {
            shipped.send("koji", sample("koji", "study.published"));
            assertThat(shipped.text("research", ":mega: *Study published*")).contains("Post-Trial Feedback");
        }
    }

    @Test
    void withoutJirasKeysWhatNeedsThemIsOffAndNamesThem() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            for (String id : List.of("koeiq-alert-to-jira", "kejue-campaign-failed-to-jira")) {
                AutomationState state = shipped.automation(id);
                assertThat(state.state()).as(id).isEqualTo(AutomationState.State.OFF);
                assertThat(state.missingKeys())
                        .as(id)
                        .containsExactly("jira.base-url", "jira.email", "jira.project", "jira.token");
            }
        }
    }
}

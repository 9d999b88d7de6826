package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KojiQualityGateTest {
    private static final String ID = "koji-quality-gate";
    private static final String FROM = "koji.outreach.from = research@acme.example";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji-quality-gate", "${body}");

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start(String... more) throws Exception {
        return ShippedRoutes.start(directory, Vendors.with(vendors.keys("koji", "sendgrid"), more));
    }

    private List<JsonNode> mails() {
        return vendors.bodies(Vendors.SENDGRID, "/v3/mail/send");
    }

    @Test
    void scoresAreStoredWhateverTheirOrder() throws Exception {
        try (ShippedRoutes shipped = start(FROM)) {
            shipped.send("koji", sample("koji", "interview.failed_quality_gate"));
            shipped.send(
                    "koji",
                    sample("koji", "interview.quality_scored")
                            .with(List.of("data.interview_id=abc124", "data.quality_score=1")));
            shipped.send("koji", sample("koji", "interview.quality_scored", "older"));
            assertThat(shipped.rows("interview_quality"))
                    .hasSize(2)
                    .anySatisfy(row -> assertThat(row)
                            .containsAllEntriesOf(Map.of(
                                    "source", "koji",
                                    "interview_id", "abc124",
                                    "gate", "failed",
                                    "quality_score", 1.0)))
                    .anySatisfy(row -> assertThat(row)
                            .containsEntry("interview_id", "f8e7d6c5-b4a3-2109-8765-432109876543")
                            .containsEntry("quality_score", 4.2)
                            .containsEntry("participant_name", "Jane Doe")
                            .doesNotContainKeys("gate", "participant_email"));
        }
    }

    @Test
    void whoFailedTheGateIsAskedAgainWithANewInterview() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.KOJI, "/api/v1/interviews")
                .willReturn(WireMock.okJson(
                        "{\"interview_id\":\"int_new\",\"interview_url\":\"https://app.koji.so/i/new?a=1&b=2\"}")));
        try (ShippedRoutes shipped = start(FROM, "koji.outreach.subject = Once more?")) {
            String id = shipped.send("koji", sample("koji", "interview.failed_quality_gate"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            JsonNode started =
                    vendors.bodies(Vendors.KOJI, "/api/v1/interviews").get(0);
            assertThat(started.path("study_id").asText()).isEqualTo("xyz789");
            assertThat(started.findValuesAsText("email")).contains("tom@initech.example");
            assertThat(started.findValuesAsText("previous_interview")).containsExactly("abc124");

            JsonNode mail = mails().get(0);
            assertThat(mails()).hasSize(1);
            assertThat(mail.at("/from/email").asText()).isEqualTo("research@acme.example");
            assertThat(mail.at("/personalizations/0/to/0/email").asText()).isEqualTo("tom@initech.example");
            assertThat(mail.findValuesAsText("subject")).contains("Once more?");
            assertThat(mail.at("/content/0/value").asText())
                    .contains("Thank you for taking part, Tom.", "https://app.koji.so/i/new?a=1&b=2");
            assertThat(mail.at("/content/1/value").asText())
                    .contains("<a href=\"https://app.koji.so/i/new?a=1&amp;b=2\">Take the interview</a>");
        }
    }

    @Test
    void howKojiIsAskedForAnInterviewIsAKey() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.KOJI, "/v2/sessions")
                .willReturn(WireMock.okJson("{\"session\":{\"url\":\"https://app.koji.so/i/9\"}}")));
        try (ShippedRoutes shipped = start(
                FROM,
                "koji.key-header = X-API-Key",
                "koji.start.path = /v2/sessions",
                "koji.start.link-pointer = /session/url")) {
            shipped.send("koji", sample("koji", "interview.failed_quality_gate"));
            assertThat(vendors.requests(Vendors.KOJI, "/v2/sessions").get(0).getHeader("X-API-Key"))
                    .isEqualTo("kj-test-key");
            assertThat(mails().get(0).at("/content/0/value").asText()).contains("https://app.koji.so/i/9");
        }
    }

    @Test
    void aPersonIsWrittenToOnceForAStudy() throws Exception {
        try (ShippedRoutes shipped = start(FROM)) {
            for (String interview : List.of("one", "two")) {
                shipped.send(
                        "koji",
                        sample("koji", "interview.failed_quality_gate")
                                .with(List.of(
                                        "data.interview_id=" + interview,
                                        "data.participant.email=Tom@Initech.example")));
            }
            assertThat(mails()).hasSize(1);
            shipped.send(
                    "koji",
                    sample("koji", "interview.failed_quality_gate")
                            .with(List.of("data.interview_id=three", "data.study_id=other")));
            assertThat(mails()).hasSize(2);
            assertThat(shipped.rows("interview_quality")).hasSize(3);
        }
    }

    @Test
    void aScoreAloneAndSomebodyWithoutAnAddressAreNotWrittenTo() throws Exception {
        try (ShippedRoutes shipped = start(FROM)) {
            shipped.send("koji", sample("koji", "interview.quality_scored"));
            shipped.send("koji", sample("koji", "interview.failed_quality_gate", "older"));
            assertThat(vendors.hosts()).isEmpty();
            assertThat(shipped.rows("interview_quality")).hasSize(2);
        }
    }

    @Test
    void withoutSendGridTheMailGoesThroughTheMailServer() throws Exception {
        try (MailServer server = MailServer.start();
                ShippedRoutes shipped = ShippedRoutes.start(directory, Vendors.with(server.keys(), FROM))) {
            shipped.sendTo(ID, "koji", sample("koji", "interview.failed_quality_gate"));
            MailServer.Mail mail = server.mails().get(0);
            assertThat(mail.to()).isEqualTo("tom@initech.example");
            assertThat(mail.subject()).isEqualTo("May we ask you once more?");
            // No key for Koji's API: no new interview, and no link to one.
            assertThat(mail.text()).contains("Thank you for taking part, Tom.").doesNotContain("Take the interview");
            assertThat(vendors.hosts()).isEmpty();
        }
    }

    @Test
    void withoutASenderNobodyIsWrittenTo() throws Exception {
        try (ShippedRoutes shipped = start()) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.ON);
            assertThat(state.skippedSteps()).anyMatch(step -> step.contains("outreach"));
            shipped.send("koji", sample("koji", "interview.failed_quality_gate"));
            assertThat(vendors.hosts()).isEmpty();
            assertThat(shipped.rows("interview_quality")).hasSize(1);
        }
    }

    @Test
    void aHostileNameIsTextInTheMail() throws Exception {
        String name = "<b>Tom</b> ${body} [x](https://evil.example) '; DROP 😀";
        try (ShippedRoutes shipped = start(FROM)) {
            shipped.send(
                    "koji",
                    sample("koji", "interview.failed_quality_gate")
                            .with(List.of("data.participant.name=" + name + "\r\nBcc: all@acme.example")));
            assertThat(mails().get(0).at("/content/0/value").asText()).contains(name);
            assertThat(mails().get(0).at("/content/1/value").asText())
                    .contains("&lt;b&gt;Tom&lt;/b&gt; ${body} [x](https://evil.example)")
                    .doesNotContain("<b>", "href=\"https://evil");
        }
    }
}

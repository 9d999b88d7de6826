package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import dev.caravan.LogLines;
import dev.caravan.automation.AutomationState;
import dev.caravan.samples.Sample;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProductPipelineTest {
    private static final String ID = "product-research-pipeline";
    private static final String PRODUCT = "app.acme.example";
    private static final String SARAH = "sarah@acme.example";
    /** SHA-256 of the address, by sha256sum. */
    private static final String STORY = "81189304ba380da051aac1ed581263f60c3a0f2bdb1e974f907ded4e61c225c9";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped product-research-pipeline");

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start(String... more) throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.KOJI, "/api/v1/interviews")
                .willReturn(WireMock.okJson(
                        "{\"interview_id\":\"int_77\",\"interview_url\":\"https://app.koji.so/i/77?t=a&b=c\"}")));
        String[] own = {
            "caravan.source.product.secret = whsec_cHJvZHVjdC1zZWNyZXQ=",
            "product.study = research",
            "product.study.trial = trial-2026",
            "product.prompt.from = research@acme.example",
            "product.prompt.url = " + vendors.url(PRODUCT) + "/prompts",
            "koji.report.refresh-url = " + vendors.url(Vendors.KOJI) + "/api/v1/studies/${variable.studyId}/refresh",
            "koji.report.refresh-authorization = Bearer {{koji.api-key}}"
        };
        return ShippedRoutes.start(directory, Vendors.with(Vendors.with(vendors.keys("koji", "mandrill"), own), more));
    }

    private static void succeeds(ShippedRoutes shipped, String source, Sample event) throws Exception {
        shipped.sendTo(ID, source, event);
    }

    @Test
    void aProductEventStartsAnInterviewAndAsksForItByMailAndInTheProduct() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, "product", sample("product", "onboarding.finished"));

            JsonNode started =
                    vendors.bodies(Vendors.KOJI, "/api/v1/interviews").get(0);
            assertThat(started.path("study_id").asText()).isEqualTo("research");
            assertThat(started.findValuesAsText("email")).contains(SARAH);
            assertThat(started.findValuesAsText("research_story")).containsExactly(STORY);
            assertThat(started.findValuesAsText("trigger")).containsExactly("onboarding.finished");

            JsonNode mail = vendors.bodies(Vendors.MANDRILL, ".*").get(0).path("message");
            assertThat(mail.path("from_email").asText()).isEqualTo("research@acme.example");
            assertThat(mail.at("/to/0/email").asText()).isEqualTo(SARAH);
            assertThat(mail.path("html").asText())
                    .contains(
                            "Hello Sarah", "<a href=\"https://app.koji.so/i/77?t=a&amp;b=c\">Start the interview</a>");

            assertThat(vendors.bodies(PRODUCT, "/prompts"))
                    .containsExactly(
                            ShippedRoutes.json("{\"type\":\"research.interview_ready\",\"user_id\":\"usr_1001\","
                                    + "\"study_id\":\"research\",\"link\":\"https://app.koji.so/i/77?t=a&b=c\","
                                    + "\"trigger\":\"onboarding.finished\"}"));
        }
    }

    @Test
    void withoutMandrillTheMailGoesThroughTheMailServer() throws Exception {
        try (MailServer server = MailServer.start();
                ShippedRoutes shipped = start(Vendors.with(server.keys(), "mandrill.from =", "mandrill.api-key ="))) {
            succeeds(shipped, "product", sample("product", "trial.expired"));
            MailServer.Mail mail = server.mails().get(0);
            assertThat(mail.to()).isEqualTo("ada@initech.example");
            assertThat(mail.subject()).isEqualTo("A few questions about your experience");
            assertThat(mail.html()).contains("Start the interview</a>");
            assertThat(vendors.requests(Vendors.MANDRILL)).isEmpty();
        }
    }

    @Test
    void everyProductEventHasItsStudyAndTellsKojiWhatItWasAbout() throws Exception {
        try (ShippedRoutes shipped = start()) {
            for (String event : List.of("trial.expired", "feature.threshold_reached", "nps.submitted")) {
                succeeds(shipped, "product", sample("product", event));
            }
            List<JsonNode> started = vendors.bodies(Vendors.KOJI, "/api/v1/interviews");
            assertThat(started)
                    .extracting(one -> one.path("study_id").asText())
                    .containsExactly("trial-2026", "research", "research");
            assertThat(started.get(1).findValuesAsText("feature")).containsExactly("reports");
            assertThat(started.get(2).findValuesAsText("nps")).containsExactly("4");
        }
    }

    @Test
    void howKojiIsAskedForAnInterviewIsAKey() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.KOJI, "/v2/sessions")
                .willReturn(WireMock.okJson("{\"session\":{\"id\":\"s9\",\"url\":\"https://app.koji.so/i/9\"}}")));
        try (ShippedRoutes shipped = start(
                "koji.key-header = X-API-Key",
                "koji.start.path = /v2/sessions",
                "koji.start.link-pointer = /session/url",
                "koji.start.id-pointer = /session/id")) {
            succeeds(shipped, "product", sample("product", "onboarding.finished"));
            assertThat(vendors.requests(Vendors.KOJI, "/v2/sessions").get(0).getHeader("X-API-Key"))
                    .isEqualTo("kj-test-key");
            assertThat(vendors.bodies(PRODUCT, "/prompts").get(0).path("link").asText())
                    .isEqualTo("https://app.koji.so/i/9");
            assertThat(shipped.rows("research_stories"))
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsEntry("interview_id", "s9"));
        }
    }

    @Test
    void nobodyIsAskedTwiceForAStudy() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, "product", sample("product", "onboarding.finished"));
            succeeds(
                    shipped,
                    "product",
                    sample("product", "nps.submitted").with(List.of("data.user.email=Sarah@ACME.example")));
            assertThat(vendors.requests(Vendors.KOJI)).hasSize(1);
            succeeds(shipped, "product", sample("product", "trial.expired").with(List.of("data.user.email=" + SARAH)));
            assertThat(vendors.requests(Vendors.KOJI)).hasSize(2);
        }
    }

    @Test
    void theCompletedInterviewEndsTheStoryThatTheProductEventBegan() throws Exception {
        try (LogLines log = new LogLines();
                ShippedRoutes shipped = start()) {
            succeeds(shipped, "product", sample("product", "onboarding.finished"));
            succeeds(
                    shipped,
                    "koji",
                    sample("koji", "interview.completed")
                            .with(List.of(
                                    "data.participant.research_story=" + STORY,
                                    "data.participant.trigger=onboarding.finished",
                                    "data.participant.email=null",
                                    "data.interview_id=int_77")));

            assertThat(shipped.rows("research_stories"))
                    .hasSize(2)
                    .allSatisfy(row ->
                            assertThat(row).containsEntry("story", STORY).containsEntry("interview_id", "int_77"))
                    .anySatisfy(row -> assertThat(row)
                            .containsAllEntriesOf(Map.of(
                                    "chapter",
                                    "asked",
                                    "source",
                                    "product",
                                    "user_id",
                                    "usr_1001",
                                    "study_id",
                                    "research")))
                    .anySatisfy(row -> assertThat(row)
                            .containsAllEntriesOf(
                                    Map.of("chapter", "completed", "source", "koji", "study_id", "xyz789")));
            assertThat(log.at(Level.INFO))
                    .filteredOn(line -> line.contains(STORY))
                    .hasSize(2)
                    .noneMatch(line -> line.contains("@"));
            assertThat(shipped.text("product", "*An interview that the product asked for is complete*"))
                    .contains("Name: Sarah", "Asked after: onboarding.finished");
            var refresh = vendors.requests(Vendors.KOJI, "/api/v1/studies/.*").get(0);
            assertThat(refresh.getUrl()).endsWith("/api/v1/studies/xyz789/refresh");
            assertThat(refresh.getHeader("Authorization")).isEqualTo("Bearer kj-test-key");
            assertThat(ShippedRoutes.json(refresh.getBodyAsString()))
                    .isEqualTo(ShippedRoutes.json("{\"study_id\":\"xyz789\",\"interview_id\":\"int_77\"}"));
        }
    }

    @Test
    void anInterviewOfItsStudiesJoinsTheStoryByItsAddressAndAnotherIsLeftAlone() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, "koji", sample("koji", "interview.completed"));
            assertThat(shipped.rows("research_stories")).isEmpty();
            succeeds(
                    shipped,
                    "koji",
                    sample("koji", "interview.completed")
                            .with(List.of("data.interview_id=other", "data.study_id=trial-2026")));
            assertThat(shipped.rows("research_stories"))
                    .singleElement()
                    .satisfies(
                            row -> assertThat(row).containsEntry("story", STORY).containsEntry("chapter", "completed"));
        }
    }

    @Test
    void aStoryThatIsNoneIsNotBelieved() throws Exception {
        try (LogLines log = new LogLines();
                ShippedRoutes shipped = start()) {
            succeeds(
                    shipped,
                    "koji",
                    sample("koji", "interview.completed")
                            .with(List.of(
                                    "data.study_id=research",
                                    "data.participant.research_story=x\nforged INFO story - line " + "0".repeat(64))));
            assertThat(shipped.rows("research_stories"))
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsEntry("story", STORY));
            assertThat(log.at(Level.INFO)).noneMatch(line -> line.contains("forged"));
        }
    }

    @Test
    void withoutAStudyAndKojisKeyItIsOffAndNamesThem() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.OFF);
            assertThat(state.missingKeys()).containsExactly("koji.api-key", "product.study");
        }
    }
}

package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** koji-report-delivery. */
@Timeout(120)
class KojiReportRouteTest {
    private static final String ID = "koji-report-delivery";
    private static final String ISSUES = "/rest/api/3/issue";
    private static final String PAGES = "/wiki/api/v2/pages.*";
    private static final String LINK = "https://app.koji.so/studies/xyz789/reports/rep_501";
    private static final String THIRD = "Offer the export to spreadsheets in the smallest plan";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji report route", "${body}", "{{env:PATH}}");
    private final MailServer mail = MailServer.start();

    @AfterEach
    void stop() {
        mail.close();
        vendors.close();
    }

    private ShippedRoutes start(String[] lines, String... more) throws Exception {
        return ShippedRoutes.start(directory, Vendors.with(lines, more))
                .recording("shipped koji report route", "${body}", "{{env:PATH}}");
    }

    private List<String> summaries() {
        return vendors.bodies(Vendors.ATLASSIAN, ISSUES).stream()
                .map(issue -> issue.at("/fields/summary").asText())
                .toList();
    }

    private static String words(JsonNode document) {
        return String.join("|", document.findValuesAsText("text"));
    }

    @Test
    void aReportReachesEverybodyWhoWaitsForIt() throws Exception {
        String[] keys = vendors.keys("jira", "notion", "confluence");
        String[] mails = Vendors.with(mail.keys(), "koji.report.stakeholders = b@acme.example, a@acme.example");
        try (ShippedRoutes shipped = start(Vendors.with(keys, mails))) {
            String id = shipped.send("koji", sample("koji", "report.generated"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.automation(ID).skippedSteps()).containsExactly("linear-ticket");
            assertThat(shipped.text("research", "*Research report")).isEqualTo("""
                    *Research report: Post-Trial Feedback*
                    interviews: 24
                    average quality score: 3.9""");
            assertThat(shipped.messages("research").get(0).findValuesAsText("url"))
                    .containsExactly(LINK);
            assertThat(mail.mails())
                    .extracting(MailServer.Mail::to, MailServer.Mail::subject)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(
                                    "a@acme.example", "Research report: Post-Trial Feedback"),
                            org.assertj.core.groups.Tuple.tuple(
                                    "b@acme.example", "Research report: Post-Trial Feedback"));
            assertThat(mail.mails().get(0).text())
                    .contains("Explain the import before the trial starts", THIRD, "interviews: 24", LINK);
        }
        JsonNode page = vendors.bodies(Vendors.NOTION, "/v1/pages").get(0);
        assertThat(page.at("/properties/Name/title/0/text/content").asText()).isEqualTo("Report: Post-Trial Feedback");
        assertThat(page.at("/properties/Report/url").asText()).isEqualTo(LINK);
        JsonNode wiki = vendors.bodies(Vendors.ATLASSIAN, PAGES).get(0);
        assertThat(wiki.path("title").asText()).startsWith("Report: Post-Trial Feedback 2026-04-20");
        assertThat(wiki.at("/body/value").asText()).contains("<li>" + THIRD + "</li>");
        assertThat(summaries())
                .containsExactly(
                        "Explain the import before the trial starts",
                        "Show the price of more seats in the product",
                        THIRD);
        JsonNode first = vendors.bodies(Vendors.ATLASSIAN, ISSUES).get(0);
        assertThat(words(first.at("/fields/description")))
                .contains("Nine of 24 participants met the import wizard", "From the report on Post-Trial Feedback");
        assertThat(first.at("/fields/labels").toString()).contains("\"research\"");
    }

    @Test
    void aTicketThatFailsNeverRepeatsTheOthers() throws Exception {
        vendors.server.stubFor(third().inScenario("jira")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("once")
                .willReturn(WireMock.aResponse().withStatus(429).withHeader("Retry-After", "0")));
        vendors.server.stubFor(third().inScenario("jira")
                .whenScenarioStateIs("once")
                .willSetStateTo("twice")
                .willReturn(WireMock.aResponse().withStatus(429).withHeader("Retry-After", "0")));
        try (ShippedRoutes shipped = start(vendors.keys("jira", "notion"))) {
            String id = shipped.send("koji", sample("koji", "report.generated"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.delivery(id, ID).attempts()).isEqualTo(3);
            assertThat(shipped.messages("research")).hasSize(1);
        }
        assertThat(summaries())
                .containsExactly(
                        "Explain the import before the trial starts",
                        "Show the price of more seats in the product",
                        THIRD,
                        THIRD,
                        THIRD);
        assertThat(vendors.requests(Vendors.NOTION, "/v1/pages")).hasSize(1);
    }

    @Test
    void aTicketThatIsRefusedForGoodKeepsNothingElseBack() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.ATLASSIAN, ISSUES)
                .withRequestBody(WireMock.containing("Explain the import"))
                .willReturn(WireMock.aResponse()
                        .withStatus(400)
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"errorMessages\":[],\"errors\":{\"summary\":\"no\"}}")));
        try (ShippedRoutes shipped = start(vendors.keys("jira"))) {
            String id = shipped.send("koji", sample("koji", "report.generated"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.DEAD);
            assertThat(shipped.messages("research")).hasSize(1);
        }
        assertThat(summaries()).hasSize(3).contains(THIRD);
    }

    @Test
    void ticketsCanGoToLinear() throws Exception {
        try (ShippedRoutes shipped = start(vendors.keys("jira", "linear"), "koji.report.tickets = linear")) {
            String id = shipped.send("koji", sample("koji", "report.generated"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        assertThat(vendors.bodies(Vendors.LINEAR, "/graphql"))
                .extracting(request -> request.at("/variables/input/title").asText())
                .containsExactly(
                        "Explain the import before the trial starts",
                        "Show the price of more seats in the product",
                        THIRD);
        assertThat(summaries()).isEmpty();
    }

    @Test
    void ticketsCanGoToBoth() throws Exception {
        try (ShippedRoutes shipped = start(vendors.keys("jira", "linear"), "koji.report.tickets = jira, linear")) {
            shipped.send("koji", sample("koji", "report.generated"));
        }
        assertThat(summaries()).hasSize(3);
        assertThat(vendors.requests(Vendors.LINEAR)).hasSize(3);
    }

    @Test
    void ticketsCanBeNone() throws Exception {
        try (ShippedRoutes shipped = start(vendors.keys("jira", "linear"), "koji.report.tickets = none")) {
            shipped.send("koji", sample("koji", "report.generated"));
        }
        assertThat(vendors.hosts()).isEmpty();
    }

    @Test
    void whereThingsAreInTheEventIsAKey() throws Exception {
        ObjectNode event = (ObjectNode) ShippedRoutes.JSON.readTree(
                sample("koji", "report.generated", "older").body());
        ObjectNode report = event.putObject("report");
        report.putObject("numbers").put("nps", 41);
        report.put("where", "https://app.koji.so/r/1");
        report.putArray("todo").addObject().put("what", "Call them").put("why", "They asked");
        try (ShippedRoutes shipped = start(
                vendors.keys("jira"),
                "koji.report.metrics = /report/numbers",
                "koji.report.link = /report/where",
                "koji.report.recommendations = /report/todo",
                "koji.report.recommendation-title = /what",
                "koji.report.recommendation-text = /why")) {
            shipped.send("koji", ShippedRoutes.JSON.writeValueAsBytes(event));
            assertThat(shipped.text("research", "*Research report")).endsWith("nps: 41");
        }
        assertThat(summaries()).containsExactly("Call them");
        assertThat(words(vendors.bodies(Vendors.ATLASSIAN, ISSUES).get(0))).contains("They asked");
    }

    @Test
    void withNothingButSlackTheRestIsSkippedAndSaysSo() throws Exception {
        try (ShippedRoutes shipped = start(new String[0])) {
            String id = shipped.send("koji", sample("koji", "report.generated", "older"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.ON);
            assertThat(state.skippedSteps())
                    .contains("stakeholders", "notion-page", "confluence-page", "linear-ticket", "jira-ticket");
        }
        assertThat(vendors.hosts()).isEmpty();
        assertThat(mail.mails()).isEmpty();
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        String hostile =
                "<!channel> '; DROP ]]> </ac:macro> ${body} {{env:PATH}} \r\nBcc: x@evil.example \u0000 😀 \u202Eabc";
        ObjectNode event = (ObjectNode)
                ShippedRoutes.JSON.readTree(sample("koji", "report.generated").body());
        ObjectNode data = (ObjectNode) event.get("data");
        data.put("study_title", hostile);
        data.putObject("summary").put(hostile, hostile);
        data.putArray("recommendations").add(hostile).add("x".repeat(100_000));
        String[] keys = vendors.keys("jira", "notion", "confluence");
        String[] mails = Vendors.with(mail.keys(), "koji.report.stakeholders = a@acme.example");
        try (ShippedRoutes shipped = start(Vendors.with(keys, mails))) {
            String id = shipped.send("koji", ShippedRoutes.JSON.writeValueAsBytes(event));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.text("research", "*Research report"))
                    .contains("&lt;!channel&gt;", "${body}", "{{env:PATH}}");
        }
        assertThat(summaries()).hasSize(2);
        assertThat(summaries().get(0))
                .contains("<!channel>", "${body}", "{{env:PATH}}")
                .doesNotContain("\n");
        assertThat(mail.mails()).hasSize(1);
        assertThat(mail.mails().get(0).to()).isEqualTo("a@acme.example");
        assertThat(mail.mails().get(0).headers()).noneMatch(header -> header.startsWith("Bcc"));
    }

    private static com.github.tomakehurst.wiremock.client.MappingBuilder third() {
        return Vendors.request("POST", Vendors.ATLASSIAN, ISSUES).withRequestBody(WireMock.containing(THIRD));
    }
}

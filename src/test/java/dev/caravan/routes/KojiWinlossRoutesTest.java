package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** koji-winloss-start and koji-winloss-to-hubspot. */
@Timeout(120)
class KojiWinlossRoutesTest {
    private static final String START = "koji-winloss-start";
    private static final String BACK = "koji-winloss-to-hubspot";
    private static final String INTERVIEWS = "/api/v1/interviews";
    private static final String DEAL = "/crm/v3/objects/deals/42113090\\d\\d";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji win/loss routes", "${body}", "{{env:PATH}}");
    private final MailServer mail = MailServer.start();

    @AfterEach
    void stop() {
        mail.close();
        vendors.close();
    }

    private ShippedRoutes start(String... more) throws Exception {
        String[] keys = Vendors.with(vendors.keys("hubspot", "koji"), mail.keys());
        return ShippedRoutes.start(
                directory,
                Vendors.with(
                        Vendors.with(keys, more),
                        "koji.winloss.study = demo-winloss",
                        "koji.analysis.retry = 50ms,50ms",
                        "caravan.source.hubspot.secret = hubspot secret"));
    }

    private void dealHasContact(String email) {
        vendors.server.stubFor(Vendors.request("GET", Vendors.HUBSPOT, DEAL).willReturn(WireMock.okJson("""
                {"id": "4211309071", "properties": {"dealname": "Initech, 40 seats", "amount": "12000"},
                 "associations": {"contacts": {"results": [{"id": "501", "type": "deal_to_contact"}]}}}""")));
        vendors.server.stubFor(Vendors.request("GET", Vendors.HUBSPOT, "/crm/v3/objects/contacts/501")
                .willReturn(WireMock.okJson("""
                {"id": "501", "properties": {"email": %s, "firstname": "Robin", "lastname": "Weber",
                 "company": "Initech"}}""".formatted(email))));
    }

    private List<LoggedRequest> started() {
        return vendors.requests(Vendors.KOJI, INTERVIEWS);
    }

    @Test
    void aClosedDealStartsAnInterviewAndItsContactGetsTheLink() throws Exception {
        dealHasContact("\"robin@initech.example\"");
        vendors.server.stubFor(Vendors.request("POST", Vendors.KOJI, INTERVIEWS)
                .willReturn(WireMock.okJson(
                        "{\"interview_id\":\"i1\",\"interview_url\":\"https://koji.so/i/1?a=1&b=2\"}")));
        try (ShippedRoutes shipped = start()) {
            shipped.send("hubspot", sample("hubspot", "deal.propertyChange"));
            shipped.awaitQuiet();
            assertThat(shipped.deliveriesOf(START)).extracting(d -> d.state()).containsExactly(DeliveryState.SUCCEEDED);
        }
        JsonNode asked = ShippedRoutes.json(started().get(0).getBodyAsString());
        assertThat(asked.path("study_id").asText()).isEqualTo("demo-winloss");
        assertThat(asked.at("/participant/email").asText()).isEqualTo("robin@initech.example");
        assertThat(asked.at("/participant/name").asText()).isEqualTo("Robin Weber");
        assertThat(asked.at("/metadata/hubspot_deal_id").asText()).isEqualTo("4211309071");
        assertThat(asked.at("/metadata/outcome").asText()).isEqualTo("closedwon");
        assertThat(asked.at("/metadata/deal").asText()).isEqualTo("Initech, 40 seats");
        assertThat(mail.mails()).hasSize(1);
        assertThat(mail.mails().get(0).to()).isEqualTo("robin@initech.example");
        assertThat(mail.mails().get(0).text()).contains("Hello Robin,");
        assertThat(mail.mails().get(0).html()).contains("https://koji.so/i/1?a=1&amp;b=2");
        assertThat(notes()).hasSize(1);
        assertThat(notes().get(0)).contains("https://koji.so/i/1?a=1&amp;b=2");
    }

    /** The notes that HubSpot got. */
    private List<String> notes() {
        return vendors.bodies(Vendors.HUBSPOT, "/crm/v3/objects/notes").stream()
                .map(note -> note.at("/properties/hs_note_body").asText())
                .toList();
    }

    @Test
    void aDealStartsOneInterviewHoweverOftenItIsClosed() throws Exception {
        dealHasContact("\"robin@initech.example\"");
        try (ShippedRoutes shipped = start()) {
            shipped.send("hubspot", sample("hubspot", "deal.propertyChange"));
            shipped.awaitQuiet();
            shipped.send(
                    "hubspot",
                    sample("hubspot", "deal.propertyChange")
                            .with(List.of("0.eventId=77", "0.propertyValue=closedlost")));
            shipped.awaitQuiet();
            assertThat(shipped.deliveriesOf(START)).hasSize(2);
        }
        assertThat(started()).hasSize(1);
    }

    @Test
    void otherChangesAndOtherObjectsStartNone() throws Exception {
        dealHasContact("\"robin@initech.example\"");
        try (ShippedRoutes shipped = start()) {
            for (List<String> change : List.of(
                    List.of("0.eventId=1", "0.propertyValue=presentationscheduled"),
                    List.of("0.eventId=2", "0.propertyName=amount"),
                    List.of("0.eventId=3", "0.propertyValue=closedlostx"))) {
                shipped.send("hubspot", sample("hubspot", "deal.propertyChange").with(change));
            }
            shipped.send("hubspot", sample("hubspot", "object.propertyChange").with(List.of("0.objectTypeId=0-1")));
            shipped.awaitQuiet();
            assertThat(shipped.deliveriesOf(START)).hasSize(4);
        }
        assertThat(vendors.hosts()).isEmpty();
    }

    @Test
    void theNewerKindOfEventIsUnderstoodAndStagesAreAKey() throws Exception {
        dealHasContact("\"robin@initech.example\"");
        try (ShippedRoutes shipped = start("hubspot.closed-stages = 1234|closedwon")) {
            shipped.send("hubspot", sample("hubspot", "object.propertyChange").with(List.of("0.propertyValue=1234")));
            shipped.awaitQuiet();
        }
        assertThat(started()).hasSize(1);
    }

    @Test
    void aDealWithoutAnAddressStartsNoneAndCanLater() throws Exception {
        dealHasContact("null");
        try (ShippedRoutes shipped = start()) {
            shipped.send("hubspot", sample("hubspot", "deal.propertyChange"));
            shipped.awaitQuiet();
            assertThat(started()).isEmpty();
            dealHasContact("\"robin@initech.example\"");
            shipped.send("hubspot", sample("hubspot", "deal.propertyChange").with(List.of("0.eventId=77")));
            shipped.awaitQuiet();
        }
        assertThat(started()).hasSize(1);
    }

    @Test
    void theCompletedInterviewComesBackToItsDeal() throws Exception {
        vendors.server.stubFor(
                Vendors.request("GET", Vendors.KOJI, INTERVIEWS + "/abc131").willReturn(WireMock.okJson("""
                {"analysis_status": "completed", "analysis": {
                  "summary": "Lost on price.", "competitive_intelligence": "Initrode was cheaper.",
                  "pricing_feedback": "Too steep.", "decision_factors": ["price", "integrations"]}}""")));
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", sample("koji", "interview.completed", "winloss"));
            assertThat(shipped.delivery(id, BACK).state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        LoggedRequest update = vendors.requests(Vendors.HUBSPOT, "/crm/v3/objects/deals/4211309072")
                .get(0);
        assertThat(update.getMethod().getName()).isEqualTo("PATCH");
        JsonNode properties = ShippedRoutes.json(update.getBodyAsString()).path("properties");
        assertThat(properties.path("competitive_intelligence").asText()).isEqualTo("Initrode was cheaper.");
        assertThat(properties.path("pricing_feedback").asText()).isEqualTo("Too steep.");
        assertThat(properties.path("decision_factors").asText()).isEqualTo("price\nintegrations");
        assertThat(notes()).hasSize(1);
        assertThat(notes().get(0)).contains("Lost on price.");
    }

    @Test
    void interviewsOfOtherStudiesOrWithoutADealAreLeftAlone() throws Exception {
        try (ShippedRoutes shipped = start()) {
            shipped.send("koji", sample("koji", "interview.completed"));
            ObjectNode event = (ObjectNode) ShippedRoutes.JSON.readTree(
                    sample("koji", "interview.completed", "winloss").body());
            ((ObjectNode) event.get("data")).remove("metadata");
            String id = shipped.send("koji", ShippedRoutes.JSON.writeValueAsBytes(event));
            assertThat(shipped.delivery(id, BACK).state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        assertThat(vendors.requests(Vendors.HUBSPOT)).isEmpty();
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        String hostile = "<!channel> '; DROP \\' ]]> </ac:macro> ${body} {{env:PATH}} \r\n\u0000 😀 \u202Eabc";
        ObjectNode interview = ShippedRoutes.JSON.createObjectNode().put("analysis_status", "ready");
        interview.putObject("analysis").put("summary", hostile).put("pricing_feedback", hostile + "x".repeat(100_000));
        vendors.server.stubFor(Vendors.request("GET", Vendors.KOJI, INTERVIEWS + "/.*")
                .willReturn(WireMock.okJson(interview.toString())));
        ObjectNode event = (ObjectNode) ShippedRoutes.JSON.readTree(
                sample("koji", "interview.completed", "winloss").body());
        ((ObjectNode) event.at("/data/metadata")).put("hubspot_deal_id", "42/../contacts?a=b#c");
        try (ShippedRoutes shipped = start()) {
            shipped.send("koji", ShippedRoutes.JSON.writeValueAsBytes(event));
            shipped.awaitQuiet();
        }
        assertThat(vendors.requests(Vendors.HUBSPOT, "/crm/v3/objects/contacts.*"))
                .isEmpty();
        for (String note : notes()) {
            assertThat(note).contains("&lt;!channel&gt;").doesNotContain("\u0000");
        }
    }

    @Test
    void whatTheyLackIsNamed() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            for (String id : List.of(START, BACK)) {
                AutomationState state = shipped.automation(id);
                assertThat(state.state()).as(id).isEqualTo(AutomationState.State.OFF);
                assertThat(state.missingKeys())
                        .as(id)
                        .containsExactly("hubspot.token", "koji.api-key", "koji.winloss.study");
            }
        }
    }
}

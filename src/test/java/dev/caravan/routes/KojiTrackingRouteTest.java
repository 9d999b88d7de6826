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

/** koji-participant-tracking. */
@Timeout(120)
class KojiTrackingRouteTest {
    private static final String ID = "koji-participant-tracking";
    private static final String CONTACTS = "/crm/v3/objects/contacts/batch/upsert";
    private static final String MEMBERS = "/3.0/lists/a1b2c3d4e5/members/[0-9a-f]{32}";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji tracking route", "${body}", "{{env:PATH}}");

    private final SalesforceContact salesforce = new SalesforceContact(vendors);

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start(String[] lines, String... more) throws Exception {
        return ShippedRoutes.start(
                directory, Vendors.with(Vendors.with(lines, "koji.tracking.studies = post-trial"), more));
    }

    @Test
    void aParticipationIsNotedEverywhere() throws Exception {
        try (ShippedRoutes shipped = start(
                vendors.keys(),
                "koji.tracking.journey-event = research_participant",
                "salesforce.interview-object = Interview__c")) {
            String id = shipped.send("koji", sample("koji", "interview.completed"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.automation(ID).skippedSteps()).isEmpty();
        }
        assertThat(vendors.hosts())
                .contains(
                        Vendors.HUBSPOT,
                        Vendors.SALESFORCE,
                        Vendors.MAILCHIMP,
                        Vendors.AMPLITUDE,
                        Vendors.MIXPANEL,
                        Vendors.HEAP,
                        Vendors.NOTION,
                        Vendors.ATLASSIAN,
                        Vendors.AIRTABLE);
        JsonNode record = vendors.bodies(
                        "demo.my.salesforce.com", "/services/data/v67.0/sobjects/Interview__c/Koji_Id__c/abc123")
                .get(0);
        assertThat(record.path("Study__c").asText()).isEqualTo("Post-Trial Feedback");
        assertThat(record.path("Quality__c").intValue()).isEqualTo(4);
        JsonNode contact = vendors.bodies(Vendors.HUBSPOT, CONTACTS).get(0).at("/inputs/0");
        assertThat(contact.path("id").asText()).isEqualTo("sarah@acme.example");
        assertThat(contact.at("/properties/research_study").asText()).isEqualTo("Post-Trial Feedback");
        assertThat(contact.at("/properties/research_date").asText()).isEqualTo("2026-04-16");
        assertThat(salesforce.written("Contact"))
                .contains(ShippedRoutes.json("{\"Research_Study__c\":\"Post-Trial Feedback\","
                        + "\"Research_Completed__c\":\"2026-04-16\"}"));
        JsonNode member = vendors.bodies(Vendors.MAILCHIMP, MEMBERS).get(0);
        assertThat(member.path("status_if_new").asText()).isEqualTo("pending");
        assertThat(vendors.requests(Vendors.MAILCHIMP, MEMBERS + "/tags").get(0).getBodyAsString())
                .contains("Research participant", "Post-Trial Feedback");
        assertThat(vendors.bodies(Vendors.MAILCHIMP, MEMBERS + "/events")
                        .get(0)
                        .path("name")
                        .asText())
                .isEqualTo("research_participant");
        JsonNode event = vendors.bodies(Vendors.AMPLITUDE, "/2/httpapi").get(0).at("/events/0");
        assertThat(event.path("user_id").asText()).isEqualTo("sarah@acme.example");
        assertThat(event.path("event_type").asText()).isEqualTo("Research interview completed");
        assertThat(event.at("/event_properties/quality_score").intValue()).isEqualTo(4);
        assertThat(event.toString()).contains("\"research_study\":\"Post-Trial Feedback\"");
        assertThat(vendors.requests(Vendors.MIXPANEL).toString()).contains("Research interview completed");
        assertThat(vendors.bodies(Vendors.HEAP, "/api/track")
                        .get(0)
                        .path("identity")
                        .asText())
                .isEqualTo("sarah@acme.example");
        JsonNode page = vendors.bodies(Vendors.NOTION, "/v1/pages").get(0);
        assertThat(page.at("/properties/Participant/email").asText()).isEqualTo("sarah@acme.example");
        assertThat(page.at("/properties/Interviewed/date/start").asText()).isEqualTo("2026-04-16");
        assertThat(page.at("/properties/Quality/number").intValue()).isEqualTo(4);
        assertThat(vendors.bodies(Vendors.ATLASSIAN, "/wiki/api/v2/pages.*")
                        .get(0)
                        .path("title")
                        .asText())
                .startsWith("Post-Trial Feedback: Sarah 2026-04-16");
        JsonNode fields = vendors.bodies(Vendors.AIRTABLE, "/v0/appAbCdEfGhIjKlMn/Participants")
                .get(0)
                .at("/records/0/fields");
        assertThat(fields.path("Interview").asText()).isEqualTo("abc123");
        assertThat(fields.path("Quality").intValue()).isEqualTo(4);
    }

    @Test
    void onlyWhatIsConfiguredIsAsked() throws Exception {
        try (ShippedRoutes shipped = start(vendors.keys("mailchimp", "heap"))) {
            String id = shipped.send("koji", sample("koji", "interview.completed"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.automation(ID).skippedSteps())
                    .containsExactlyInAnyOrder(
                            "hubspot-contact",
                            "salesforce-contact",
                            "amplitude-event",
                            "mixpanel-event",
                            "salesforce-record",
                            "notion-page",
                            "confluence-page",
                            "airtable-record");
        }
        assertThat(vendors.hosts()).containsExactly(Vendors.HEAP, Vendors.MAILCHIMP);
        assertThat(vendors.requests(Vendors.MAILCHIMP, MEMBERS + "/events")).isEmpty();
    }

    @Test
    void aDestinationThatFailsNeitherHoldsUpNorRepeatsTheOthers() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", Vendors.HUBSPOT, CONTACTS)
                .inScenario("hubspot")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("up")
                .willReturn(WireMock.aResponse().withStatus(503)));
        try (ShippedRoutes shipped = start(vendors.keys("hubspot", "amplitude", "airtable"))) {
            String id = shipped.send("koji", sample("koji", "interview.completed"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.delivery(id, ID).attempts()).isEqualTo(2);
        }
        assertThat(vendors.requests(Vendors.HUBSPOT, CONTACTS)).hasSize(2);
        assertThat(vendors.requests(Vendors.AMPLITUDE)).hasSize(1);
        assertThat(vendors.requests(Vendors.AIRTABLE)).hasSize(1);
        assertThat(vendors.requests(Vendors.AIRTABLE).get(0).getLoggedDate())
                .isBeforeOrEqualTo(
                        vendors.requests(Vendors.HUBSPOT, CONTACTS).get(1).getLoggedDate());
    }

    @Test
    void studiesThatAreNotTrackedLeaveNoTrace() throws Exception {
        try (ShippedRoutes shipped = start(vendors.keys("hubspot", "mailchimp", "amplitude", "airtable"))) {
            shipped.send(
                    "koji",
                    sample("koji", "interview.completed").with(List.of("data.study_id=x", "data.study_title=Other")));
        }
        assertThat(vendors.hosts()).isEmpty();
    }

    @Test
    void withoutAnAddressOnlyTheRepositoriesGetIt() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(
                directory,
                Vendors.with(vendors.keys("hubspot", "amplitude", "airtable"), "koji.tracking.studies = .*"))) {
            shipped.send("koji", sample("koji", "interview.completed", "older"));
        }
        assertThat(vendors.hosts()).containsExactly(Vendors.AIRTABLE);
    }

    @Test
    void theProductsOwnIdOfTheUserIsAKey() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(
                directory,
                Vendors.with(
                        vendors.keys("amplitude"),
                        "koji.tracking.studies = .*",
                        "koji.tracking.user-pointer = /data/respondent/id"))) {
            shipped.send("koji", sample("koji", "interview.completed", "older"));
        }
        assertThat(vendors.bodies(Vendors.AMPLITUDE, "/2/httpapi")
                        .get(0)
                        .at("/events/0/user_id")
                        .asText())
                .isEqualTo("r_abc123def456");
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        String hostile = "<!channel> '; DROP ]]> </ac:macro> ${body} {{env:PATH}} \r\n\u0000 😀 \u202Eabc";
        ObjectNode event = (ObjectNode) ShippedRoutes.JSON.readTree(
                sample("koji", "interview.completed").body());
        ((ObjectNode) event.get("data")).put("study_title", "post-trial " + hostile);
        ((ObjectNode) event.at("/data/participant")).put("name", hostile + "x".repeat(100_000));
        try (ShippedRoutes shipped = start(vendors.keys())) {
            String id = shipped.send("koji", ShippedRoutes.JSON.writeValueAsBytes(event));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        assertThat(vendors.bodies(Vendors.HUBSPOT, CONTACTS)
                        .get(0)
                        .at("/inputs/0/properties/research_study")
                        .asText())
                .contains("<!channel> '; DROP ]]> </ac:macro> ${body} {{env:PATH}}")
                .doesNotContain("\u0000");
    }

    @Test
    void whatItLacksIsNamed() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.OFF);
            assertThat(state.missingKeys()).containsExactly("koji.tracking.studies");
        }
    }
}

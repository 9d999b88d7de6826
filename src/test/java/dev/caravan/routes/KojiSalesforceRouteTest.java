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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** koji-completed-to-salesforce. */
@Timeout(120)
class KojiSalesforceRouteTest {
    private static final String ID = "koji-completed-to-salesforce";
    /** The instance that the stand-in's login names. */
    private static final String INSTANCE = "demo.my.salesforce.com";

    private static final String COMPOSITE = "/services/data/v67.0/composite/?";
    private static final String QUERY = "/services/data/v67.0/query.*";
    private static final String FINISHED = """
            {"analysis_status": "completed", "analysis": {"summary": "Misses the export. Would pay for it."},
             "structured_answers": [
               {"question_id": "q1", "type": "open_ended", "value": "Fine"},
               {"question_id": "q2", "type": "scale", "value": 8}]}""";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji salesforce route", "${body}", "{{env:PATH}}");

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start(String... more) throws Exception {
        return ShippedRoutes.start(
                directory,
                Vendors.with(
                        Vendors.with(vendors.keys("salesforce", "koji"), "koji.score.question = q2"),
                        Vendors.with(
                                more,
                                "koji.analysis.retry = 50ms,50ms,50ms",
                                "caravan.automation.koji-signal-routing.enabled = false")));
    }

    @BeforeEach
    void oneContactHasTheAddress() {
        vendors.server.stubFor(
                Vendors.request("GET", INSTANCE, QUERY).atPriority(7).willReturn(WireMock.okJson("""
                {"totalSize": 1, "done": true, "records": [{"attributes": {"type": "Contact"},
                 "Id": "003000000000001AAA", "OwnerId": "005000000000001AAA", "AccountId": "001000000000001AAA",
                 "Account": {"attributes": {"type": "Account"}, "OwnerId": "005000000000002AAA"}}]}""")));
    }

    private void interviewIs(String json) {
        vendors.server.stubFor(
                Vendors.request("GET", Vendors.KOJI, "/api/v1/interviews/.*").willReturn(WireMock.okJson(json)));
    }

    private List<JsonNode> composites() {
        return vendors.bodies(INSTANCE, COMPOSITE);
    }

    /** The parts of a composite request that go to an object. */
    private static List<JsonNode> parts(JsonNode composite, String object) {
        return StreamSupport.stream(composite.path("compositeRequest").spliterator(), false)
                .filter(part -> part.path("url").asText().contains("/sobjects/" + object + "/"))
                .toList();
    }

    @Test
    void theContactGetsDateScoreNoteAndTaskInOneRequest() throws Exception {
        interviewIs(FINISHED);
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", sample("koji", "interview.completed"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        assertThat(vendors.requests(INSTANCE, QUERY).get(0).queryParameter("q").firstValue())
                .contains("FROM Contact", "Email = 'sarah@acme.example'");
        assertThat(composites()).hasSize(1);
        JsonNode request = composites().get(0);
        assertThat(request.path("allOrNone").asBoolean()).isTrue();
        JsonNode contact = parts(request, "Contact").get(0).path("body");
        assertThat(contact.path("Research_Completed__c").asText()).isEqualTo("2026-04-16");
        assertThat(contact.path("Research_Score__c").intValue()).isEqualTo(8);
        List<JsonNode> tasks = parts(request, "Task");
        assertThat(tasks).hasSize(2);
        assertThat(tasks)
                .extracting(task -> task.at("/body/Subject").asText())
                .containsExactlyInAnyOrder(
                        "Interview: Post-Trial Feedback", "Follow up on the interview: Post-Trial Feedback");
        assertThat(tasks)
                .allSatisfy(task -> assertThat(task.at("/body/Description").asText())
                        .contains("Misses the export. Would pay for it."));
        assertThat(tasks)
                .allSatisfy(task -> assertThat(task.path("url").asText()).contains("/Task/Caravan_Id__c/"));
    }

    @Test
    void anAnalysisThatIsNotFinishedIsLookedAtAgain() throws Exception {
        vendors.server.stubFor(Vendors.request("GET", Vendors.KOJI, "/api/v1/interviews/.*")
                .inScenario("koji")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("finished")
                .willReturn(WireMock.okJson("{\"analysis_status\": \"processing\"}")));
        vendors.server.stubFor(Vendors.request("GET", Vendors.KOJI, "/api/v1/interviews/.*")
                .inScenario("koji")
                .whenScenarioStateIs("finished")
                .willReturn(WireMock.okJson(FINISHED)));
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", sample("koji", "interview.completed"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(shipped.delivery(id, ID).attempts()).isEqualTo(2);
        }
        assertThat(composites()).hasSize(1);
    }

    @Test
    void fieldsAndTheTasksOwnerAreKeys() throws Exception {
        interviewIs(FINISHED);
        try (ShippedRoutes shipped = start(
                "salesforce.research-completed-field = Interviewed_On__c",
                "salesforce.score-field = Ease__c",
                "salesforce.task-owner = 005000000000ABCAA1")) {
            shipped.send("koji", sample("koji", "interview.completed"));
        }
        JsonNode contact = parts(composites().get(0), "Contact").get(0).path("body");
        assertThat(contact.path("Interviewed_On__c").asText()).isEqualTo("2026-04-16");
        assertThat(contact.path("Ease__c").intValue()).isEqualTo(8);
        assertThat(parts(composites().get(0), "Task"))
                .extracting(task -> task.at("/body/OwnerId").asText())
                .contains("005000000000ABCAA1");
    }

    @Test
    void withoutAScoreTheFieldIsLeftAlone() throws Exception {
        interviewIs("{\"analysis_status\": \"ready\", \"summary\": \"Short\"}");
        try (ShippedRoutes shipped = start()) {
            shipped.send("koji", sample("koji", "interview.completed"));
        }
        JsonNode contact = parts(composites().get(0), "Contact").get(0).path("body");
        assertThat(contact.has("Research_Completed__c")).isTrue();
        assertThat(contact.has("Research_Score__c")).isFalse();
    }

    @Test
    void withoutAnAddressThereIsNobodyToUpdate() throws Exception {
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", sample("koji", "interview.completed", "older"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        assertThat(vendors.hosts()).doesNotContain(Vendors.SALESFORCE, INSTANCE);
    }

    @Test
    void somebodyWhoIsNoContactIsADeadLetterUnlessItIsToBeSkipped() throws Exception {
        interviewIs(FINISHED);
        vendors.server.stubFor(Vendors.request("GET", INSTANCE, QUERY)
                .willReturn(WireMock.okJson("{\"totalSize\":0,\"done\":true,\"records\":[]}")));
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", sample("koji", "interview.completed"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.DEAD);
        }
        assertThat(composites()).isEmpty();
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        String hostile = "<!channel> '; DROP \\' ]]> ${body} {{env:PATH}} \r\n\u0000 😀 \u202Eabc";
        ObjectNode interview = (ObjectNode) ShippedRoutes.JSON.readTree(FINISHED);
        ((ObjectNode) interview.get("analysis")).put("summary", hostile + "x".repeat(100_000));
        interviewIs(interview.toString());
        ObjectNode event = (ObjectNode) ShippedRoutes.JSON.readTree(
                sample("koji", "interview.completed").body());
        ((ObjectNode) event.get("data")).put("study_title", hostile);
        ((ObjectNode) event.at("/data/participant")).put("name", hostile).put("email", "o'neil\\'@acme.example");
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", ShippedRoutes.JSON.writeValueAsBytes(event));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
        }
        assertThat(vendors.requests(INSTANCE, QUERY).get(0).queryParameter("q").firstValue())
                .contains("Email = 'o\\'neil\\\\\\'@acme.example'");
        assertThat(parts(composites().get(0), "Task"))
                .allSatisfy(task -> assertThat(task.at("/body/Description").asText())
                        .contains("<!channel> '; DROP \\' ]]> ${body} {{env:PATH}}")
                        .doesNotContain("\u0000"));
    }

    @Test
    void whatItLacksIsNamed() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.OFF);
            assertThat(state.missingKeys()).containsExactly("koji.api-key", "salesforce.client-id");
        }
    }
}

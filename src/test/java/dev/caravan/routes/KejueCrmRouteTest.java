package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
class KejueCrmRouteTest {
    private static final String ID = "kejue-call-to-crm";
    private static final String UNREACHED = ":telephone_receiver:";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped kejue-call-to-crm", "${body}");
    private final SalesforceContact salesforce = new SalesforceContact(vendors);

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start() throws Exception {
        return ShippedRoutes.start(directory, vendors.keys("hubspot", "salesforce"));
    }

    private static void succeeds(ShippedRoutes shipped, Sample event) throws Exception {
        shipped.sendTo(ID, "kejue", event);
    }

    private static Map<String, Object> row(ShippedRoutes shipped) throws Exception {
        assertThat(shipped.rows("crm_calls")).hasSize(1);
        return shipped.rows("crm_calls").get(0);
    }

    /** The properties that HubSpot's contact got last. */
    private JsonNode contact() {
        List<JsonNode> upserts = vendors.bodies(Vendors.HUBSPOT, "/crm/v3/objects/contacts/batch/upsert");
        return upserts.get(upserts.size() - 1).at("/inputs/0");
    }

    private List<String> notes() {
        return vendors.bodies(Vendors.HUBSPOT, "/crm/v3/objects/notes").stream()
                .map(note -> note.at("/properties/hs_note_body").asText())
                .toList();
    }

    @Test
    void whatCameOutOfACallIsInTheCrm() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, sample("kejue", "call.analyzed", "actions"));

            assertThat(contact().path("id").asText()).isEqualTo("mia@initech.example");
            assertThat(contact().at("/properties/kejue_call_outcome").asText()).isEqualTo("interested");
            assertThat(contact().at("/properties/kejue_call_score").asText()).isEqualTo("91");
            assertThat(notes())
                    .singleElement()
                    .satisfies(note -> assertThat(note)
                            .contains(
                                    "job_124",
                                    "Wants a quote for 20 seats and a call next week.",
                                    "Score: 91",
                                    "Team Plan",
                                    "To do after the call:",
                                    "<li>Send a quote for 20 seats</li>",
                                    "<li>Call again next week</li>"));

            assertThat(salesforce
                            .written("Contact")
                            .get(0)
                            .path("Kejue_Call_Outcome__c")
                            .asText())
                    .isEqualTo("interested");
            assertThat(salesforce
                            .written("Contact")
                            .get(0)
                            .path("Kejue_Call_Score__c")
                            .asInt())
                    .isEqualTo(91);
            assertThat(salesforce.written("Task"))
                    .anySatisfy(task -> assertThat(task.path("Description").asText())
                            .contains("Wants a quote for 20 seats", "Team Plan"))
                    .anySatisfy(task -> {
                        assertThat(task.path("Subject").asText()).isEqualTo("2 to do after the Kejue call");
                        assertThat(task.path("Description").asText())
                                .contains("Send a quote for 20 seats", "Call again next week");
                    });
            assertThat(row(shipped))
                    .containsAllEntriesOf(Map.of(
                            "call_id", "job_124",
                            "contact_email", "mia@initech.example",
                            "outcome", "interested",
                            "score", 91.0,
                            "structured_data", "{\"interested_product\":\"Team Plan\",\"seats\":20}"));
        }
    }

    @Test
    void withNothingToDoAfterTheCallThereIsNoTask() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, sample("kejue", "call.analyzed").with(List.of("data.contact.email=john@acme.example")));
            assertThat(contact().path("id").asText()).isEqualTo("john@acme.example");
            assertThat(notes()).singleElement().asString().doesNotContain("after the call");
            assertThat(salesforce.written("Task"))
                    .allSatisfy(
                            task -> assertThat(task.path("Subject").asText()).isEqualTo("Kejue call job_123"));
        }
    }

    @Test
    void aCallThatKejueRepeatsIsNotFollowedUp() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, sample("kejue", "call.ended", "retry"));
            assertThat(row(shipped))
                    .containsEntry("status", "no_answer")
                    .containsEntry("follow_up", "scheduled")
                    .containsEntry("next_retry_at", "2025-01-15T15:20:00Z");
            assertThat(contact().at("/properties/kejue_call_status").asText()).isEqualTo("no_answer");
            assertThat(contact().at("/properties/kejue_follow_up").asText())
                    .isEqualTo("scheduled, 2025-01-15T15:20:00Z");
            assertThat(salesforce
                            .written("Contact")
                            .get(0)
                            .path("Kejue_Follow_Up__c")
                            .asText())
                    .isEqualTo("scheduled, 2025-01-15T15:20:00Z");
            assertThat(notes()).isEmpty();
            assertThat(salesforce.written("Task")).isEmpty();
        }
    }

    @Test
    void everyWayNotToReachSomebodyIsFollowedUpOnceKejueGivesUp() throws Exception {
        try (ShippedRoutes shipped = start()) {
            for (String status : List.of("no_answer", "busy", "failed", "voicemail")) {
                succeeds(
                        shipped,
                        sample("kejue", "call.ended", "unreached")
                                .with(List.of(
                                        "data.status=" + status, "data.job_id=job_" + status, "event_id=" + status)));
            }
            assertThat(shipped.rows("crm_calls"))
                    .hasSize(4)
                    .allSatisfy(row -> assertThat(row)
                            .containsEntry("follow_up", "needed")
                            .containsEntry("attempt_number", 3)
                            .doesNotContainKey("next_retry_at"));
            assertThat(salesforce.written("Task"))
                    .extracting(task -> task.path("Subject").asText())
                    .containsExactly(
                            "Call back: Kejue did not reach them (no_answer)",
                            "Call back: Kejue did not reach them (busy)",
                            "Call back: Kejue did not reach them (failed)",
                            "Call back: Kejue did not reach them (voicemail)");
            assertThat(notes()).hasSize(4).allSatisfy(note -> assertThat(note).contains("Call back"));
            assertThat(contact().at("/properties/kejue_follow_up").asText()).isEqualTo("needed");
            assertThat(shipped.messages("calls")).isEmpty();
        }
    }

    @Test
    void aCompletedCallNeedsNothing() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, sample("kejue", "call.ended").with(List.of("metadata.email=john@acme.example")));
            assertThat(row(shipped)).containsEntry("status", "completed").containsEntry("follow_up", "none");
            assertThat(contact().at("/properties/kejue_call_status").asText()).isEqualTo("completed");
            assertThat(contact().at("/properties/kejue_follow_up").asText()).isEqualTo("none");
            assertThat(salesforce.written("Task")).isEmpty();
        }
    }

    @Test
    void whoIsKnownByPhoneOnlyIsInTheTableAndToldWhereSomebodyHasToCall() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, sample("kejue", "call.started"));
            succeeds(shipped, sample("kejue", "call.analyzed"));
            succeeds(shipped, sample("kejue", "call.ended"));
            assertThat(row(shipped))
                    .containsAllEntriesOf(Map.of(
                            "call_id", "job_123",
                            "contact_phone", "+14155551234",
                            "contact_name", "John Doe",
                            "status", "completed",
                            "follow_up", "none",
                            "outcome", "interested",
                            "score", 85.0));
            assertThat(shipped.messages("calls")).isEmpty();

            succeeds(
                    shipped,
                    sample("kejue", "call.ended", "unreached")
                            .with(List.of("metadata={}", "data.job_id=job_123", "data.contact_id=ct_789")));
            assertThat(row(shipped))
                    .containsEntry("follow_up", "needed")
                    .containsEntry("contact_phone", "+14155551234");
            assertThat(shipped.text("calls", UNREACHED))
                    .contains("Call: job_123", "Contact: ct_789", "Status: voicemail", "Attempts: 3");
            assertThat(vendors.hosts()).isEmpty();
        }
    }

    @Test
    void withoutKejuesWordOnARetryNobodyIsFollowedUp() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(
                    shipped,
                    sample("kejue", "call.ended", "unreached").with(List.of("data.retry=null", "metadata=null")));
            assertThat(row(shipped)).containsEntry("follow_up", "unknown");
            assertThat(shipped.messages("calls")).isEmpty();
            assertThat(vendors.hosts()).isEmpty();
        }
    }

    @Test
    void anEventThatComesLateDoesNotCallForAFollowUpAgain() throws Exception {
        try (ShippedRoutes shipped = start()) {
            Sample late = sample("kejue", "call.ended", "unreached")
                    .with(List.of("metadata={}", "data.job_id=job_123", "timestamp=2025-01-15T09:00:00Z"));
            succeeds(shipped, sample("kejue", "call.ended"));
            succeeds(shipped, late);
            assertThat(row(shipped)).containsEntry("status", "completed").containsEntry("follow_up", "none");
        }
    }

    @Test
    void anObjectForCallsHasARecordForEachOne() throws Exception {
        String[] keys = Vendors.with(vendors.keys("salesforce"), "kejue.crm.call-object = Phone_Call__c");
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, keys)) {
            for (String event : List.of("call.started", "call.ended", "call.analyzed")) {
                succeeds(shipped, sample("kejue", event));
            }
            assertThat(salesforce.upserts("Phone_Call__c", "Kejue_Call_Id__c/job_123"))
                    .extracting(JsonNode::toString)
                    .containsExactly(
                            "{\"Contact_Name__c\":\"John Doe\",\"Phone__c\":\"+14155551234\"}",
                            "{\"Status__c\":\"completed\",\"Follow_Up__c\":\"none\"}",
                            "{\"Contact_Name__c\":\"John Doe\",\"Status__c\":\"completed\",\"Outcome__c\":\"interested\","
                                    + "\"Score__c\":85,\"Summary__c\":\"Discussed pricing plans and scheduled a demo...\"}");
        }
    }

    @Test
    void withoutACrmTheCallsAreStored() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.ON);
            assertThat(state.skippedSteps()).hasSize(5);
            succeeds(shipped, sample("kejue", "call.ended", "unreached"));
            assertThat(row(shipped)).containsEntry("follow_up", "needed");
        }
    }
}

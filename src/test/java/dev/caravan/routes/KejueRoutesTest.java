package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.samples.Sample;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KejueRoutesTest {
    private static final List<List<String>> ORDERS = List.of(
            List.of("call.started", "call.ended", "call.analyzed"),
            List.of("call.started", "call.analyzed", "call.ended"),
            List.of("call.ended", "call.started", "call.analyzed"),
            List.of("call.ended", "call.analyzed", "call.started"),
            List.of("call.analyzed", "call.started", "call.ended"),
            List.of("call.analyzed", "call.ended", "call.started"));

    @TempDir
    private Path directory;

    private ShippedRoutes shipped;

    @BeforeEach
    void start() throws Exception {
        shipped = ShippedRoutes.start(directory).recording("shipped kejue routes");
    }

    @AfterEach
    void stop() {
        shipped.close();
    }

    @Test
    void theEventsOfACallMakeTheSameRowInEveryOrder() throws Exception {
        for (int number = 0; number < ORDERS.size(); number++) {
            for (String event : ORDERS.get(number)) {
                String id = shipped.send("kejue", sample("kejue", event).numbered(number));
                assertThat(shipped.deliveries(id)).allMatch(delivery -> delivery.state() == DeliveryState.SUCCEEDED);
            }
        }
        List<Map<String, Object>> rows = shipped.rows("calls");
        assertThat(rows).hasSize(ORDERS.size());
        Set<Map<String, Object>> distinct = new HashSet<>();
        for (Map<String, Object> row : rows) {
            row.remove("event_id");
            row.remove("call_id");
            distinct.add(row);
        }
        assertThat(distinct)
                .containsExactly(Map.ofEntries(
                        Map.entry("source", "kejue"),
                        Map.entry("workspace_id", "ws_xyz"),
                        Map.entry("direction", "outbound"),
                        Map.entry("contact_id", "ct_789"),
                        Map.entry("contact_name", "John Doe"),
                        Map.entry("contact_phone", "+14155551234"),
                        Map.entry("contact_status", "interested"),
                        Map.entry("status", "completed"),
                        Map.entry("ended_reason", "agent_hangup"),
                        Map.entry("duration_seconds", 295.0),
                        Map.entry("transcript", "Agent: Hello, this is Sara from..."),
                        Map.entry("recording_url", "https://recordings.kejue.co/..."),
                        Map.entry(
                                "retry",
                                "{\"will_retry\":false,\"next_retry_at\":null,\"attempt_number\":1,\"max_attempts\":3}"),
                        Map.entry("summary", "Discussed pricing plans and scheduled a demo..."),
                        Map.entry("outcome_id", "interested"),
                        Map.entry("score", 85.0),
                        Map.entry(
                                "structured_data",
                                "{\"interested_product\":\"Enterprise Plan\",\"budget_range\":\"$500-1000/mo\"}"),
                        Map.entry("in_call_tools", "[]"),
                        Map.entry("post_call_actions", "[]"),
                        Map.entry("started_at", "2025-01-15T10:30:00Z"),
                        Map.entry("ended_at", "2025-01-15T10:34:55Z"),
                        Map.entry("analyzed_at", "2025-01-15T10:35:20Z")));
    }

    @Test
    void aTranscriptIsStoredCharacterForCharacter() throws Exception {
        String hostile = "Agent: \"it's\"\r\n<b> & ${body} {{x}} 😀 '); DROP TABLE calls; -- %s :?c1";
        ObjectNode event = (ObjectNode)
                ShippedRoutes.JSON.readTree(sample("kejue", "call.ended").body());
        ((ObjectNode) event.get("data")).put("transcript", hostile);
        shipped.send("kejue", ShippedRoutes.JSON.writeValueAsBytes(event));
        assertThat(shipped.rows("calls"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("transcript", hostile));
    }

    @Test
    void inlineWebhooksHaveTheirOwnRows() throws Exception {
        shipped.send("kejue", sample("kejue", "call.started"));
        shipped.send("kejue-inline", sample("kejue", "call.started"));
        assertThat(shipped.rows("calls")).extracting(row -> row.get("source")).containsExactly("kejue", "kejue-inline");
    }

    @Test
    void everyCampaignEventUpdatesTheRow() throws Exception {
        for (String state : List.of("started", "paused", "resumed", "ended")) {
            shipped.send("kejue", sample("kejue", "campaign." + state));
            assertThat(campaign())
                    .containsEntry("status", state)
                    .containsEntry("last_event", "campaign." + state)
                    .containsEntry("name", "Q1 Outreach")
                    .containsEntry("started_at", "2025-01-15T08:00:00Z");
        }
        assertThat(campaign())
                .containsEntry("end_reason", "completed")
                .containsEntry("ended_at", "2025-01-17T18:00:00Z")
                .containsEntry(
                        "performance",
                        "{\"connect_rate_percent\":84.0,\"completion_rate_percent\":86.0,"
                                + "\"average_call_duration_seconds\":120}");
    }

    @Test
    void aCampaignEventThatComesLateUndoesNothing() throws Exception {
        shipped.send("kejue", sample("kejue", "campaign.ended"));
        Map<String, Object> ended = campaign();
        for (String late : List.of("paused", "started", "resumed")) {
            shipped.send("kejue", sample("kejue", "campaign." + late));
        }
        ended.put("started_at", "2025-01-15T08:00:00Z");
        assertThat(campaign()).isEqualTo(ended);
    }

    @Test
    void aFailedCampaignIsStoredAsSuch() throws Exception {
        shipped.send("kejue", sample("kejue", "campaign.failed"));
        assertThat(campaign())
                .containsEntry("status", "failed")
                .containsEntry("end_reason", "failed")
                .containsEntry("ended_at", "2025-01-16T09:30:00Z");
    }

    @Test
    void theEndOfACampaignIsSummedUp() throws Exception {
        shipped.send("kejue", sample("kejue", "campaign.ended"));
        assertThat(shipped.text("calls", "*Campaign ended*")).isEqualTo("""
                *Campaign ended*
                Campaign: Q1 Outreach
                End reason: completed
                Contacts: 500
                Completed: 420
                No answer: 50
                Voicemail: 20
                Failed: 10
                Connect rate: 84.0 %
                Completion rate: 86.0 %
                Average call: 120 s""");
    }

    @Test
    void aSummaryLeavesOutWhatTheCampaignLacks() throws Exception {
        Sample bare = sample("kejue", "campaign.ended")
                .with(List.of("data.stats=null", "data.performance=null", "data.campaign_name=A & <B>"));
        shipped.send("kejue", bare);
        assertThat(shipped.text("calls", "*Campaign ended*")).isEqualTo("""
                *Campaign ended*
                Campaign: A &amp; &lt;B&gt;
                End reason: completed""");
    }

    private Map<String, Object> campaign() throws Exception {
        return shipped.rows("campaigns").get(0);
    }
}

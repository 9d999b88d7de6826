package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KoeiqRoutesTest {
    @TempDir
    private Path directory;

    private ShippedRoutes shipped;

    @BeforeEach
    void start() throws Exception {
        shipped = ShippedRoutes.start(directory).recording("shipped koeiq routes");
    }

    @AfterEach
    void stop() {
        shipped.close();
    }

    @Test
    void anAlertIsToldAndStored() throws Exception {
        String id = shipped.send("koeiq", sample("koeiq", "alert.triggered"));
        assertThat(shipped.text("support", ":rotating_light:")).isEqualTo("""
                :rotating_light: *KoeIQ alert*
                Rule: Low Quality Score
                Condition: quality_score_below
                Threshold: 60
                Actual value: 45
                Call: CALL-20260317-001
                Operator: OP001""");
        assertThat(shipped.rows("alerts"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("event_id", id)
                        .containsEntry("alert_rule_name", "Low Quality Score")
                        .containsEntry("alert_condition", "quality_score_below")
                        .containsEntry("actual_value", 45.0)
                        .containsEntry("triggered_at", "2026-03-17T09:02:00Z"));
    }

    @Test
    void anAlertWithoutMostOfItsFieldsHasNoEmptyLine() throws Exception {
        shipped.send(
                "koeiq",
                sample("koeiq", "alert.triggered")
                        .with(List.of(
                                "data.threshold=null",
                                "data.actual_value=null",
                                "data.operator_id=",
                                "data.call_id=null",
                                "data.alert_rule_name=<!here> & co")));
        assertThat(shipped.text("support", ":rotating_light:")).isEqualTo("""
                :rotating_light: *KoeIQ alert*
                Rule: &lt;!here&gt; &amp; co
                Condition: quality_score_below""");
    }

    @Test
    void analyticsAreStored() throws Exception {
        String id = shipped.send("koeiq", sample("koeiq", "analytics.completed"));
        assertThat(shipped.rows("analytics"))
                .containsExactly(Map.ofEntries(
                        Map.entry("source", "koeiq"),
                        Map.entry("voicelog_id", "vl_xxxx"),
                        Map.entry("tenant_id", "t_xxxx"),
                        Map.entry("call_id", "CALL-20260317-001"),
                        Map.entry("quality_score", 82.0),
                        Map.entry("sentiment_overall", 0.4),
                        Map.entry("dominant_emotion", "neutral"),
                        Map.entry("intent_primary", "billing_inquiry"),
                        Map.entry("summary", "Customer called about invoice discrepancy..."),
                        Map.entry("analyzed_at", "2026-03-17T09:01:30Z"),
                        Map.entry("event_id", id)));
    }

    @Test
    void transcriptionsAreStored() throws Exception {
        String id = shipped.send("koeiq", sample("koeiq", "transcription.completed"));
        assertThat(shipped.rows("transcripts"))
                .containsExactly(Map.ofEntries(
                        Map.entry("source", "koeiq"),
                        Map.entry("voicelog_id", "vl_xxxx"),
                        Map.entry("tenant_id", "t_xxxx"),
                        Map.entry("call_id", "CALL-20260317-001"),
                        Map.entry("status", "done"),
                        Map.entry("duration_seconds", 342.0),
                        Map.entry("language", "ja-JP"),
                        Map.entry("operator_id", "OP001"),
                        Map.entry("department", "Support"),
                        Map.entry("call_date", "2026-03-17"),
                        Map.entry("transcribed_at", "2026-03-17T09:00:00Z"),
                        Map.entry("event_id", id)));
    }
}

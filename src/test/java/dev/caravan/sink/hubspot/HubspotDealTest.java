package dev.caravan.sink.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.Look;
import dev.caravan.sink.SinkRoutes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HubspotDealTest {
    private static final String DEAL = "/crm/v3/objects/deals/501";
    private static final String UPSERT = "/crm/v3/objects/deals/batch/upsert";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HubspotStandIn hubspot = new HubspotStandIn("hubspot-deal");
    private final SinkRoutes routes = SinkRoutes.sending();

    @AfterEach
    void stop() {
        routes.close();
        hubspot.close();
    }

    private void load(String kamelet, String parameters) throws Exception {
        hubspot.takes(UPSERT, "502");
        hubspot.answers("PATCH", DEAL, 200, "{\"id\":\"501\",\"properties\":{}}");
        String yaml = """
                - route:
                    id: deal
                    from:
                      uri: direct:in
                      steps:
                        - to:
                            id: one
                            uri: kamelet:KAMELET
                            parameters:
                              token: pat-eu1-test
                              baseUrl: URL
                """.replace("URL", hubspot.url()).replace("KAMELET", kamelet);
        routes.load(yaml + parameters.indent(14));
    }

    private StepFailure failure(Map<String, Object> event) {
        Exchange done = routes.event(event);
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        return done.getException(StepFailure.class);
    }

    @Test
    void theDealWithAnIdIsUpdatedAndGetsTheNote() throws Exception {
        load(
                "hubspot-deal-sink",
                "dealId: \"${body[id]}\"\nproperties: \"closed_lost_reason: ${body[why]}\"\nnote: \"- ${body[factors]}\"");
        assertThat(routes.event(Map.of("id", 501, "why", "Price", "factors", List.of("A", "B")))
                        .getException())
                .isNull();
        assertThat(hubspot.newest(DEAL).toString()).isEqualTo("{\"properties\":{\"closed_lost_reason\":\"Price\"}}");
        assertThat(hubspot.newest(HubspotStandIn.NOTES).path("associations")).isEqualTo(JSON.readTree("""
                        [{"to":{"id":"501"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":214}]}]"""));
        assertThat(hubspot.newest(HubspotStandIn.NOTES)
                        .findValue("hs_note_body")
                        .asText())
                .startsWith("<ul><li>A</li><li>B</li></ul><p>Ref. caravan-");
    }

    @Test
    void aDealIsNamedByAUniqueProperty() throws Exception {
        load(
                "hubspot-deal-sink",
                "idProperty: contract\nidValue: \"${body[id]}\"\nproperties: \"amount: ${body[amount]}\"\nnote: Note");
        assertThat(routes.event(Map.of("id", "C-7", "amount", 100)).getException())
                .isNull();
        assertThat(hubspot.newest(UPSERT).toString())
                .isEqualTo(
                        "{\"inputs\":[{\"idProperty\":\"contract\",\"id\":\"C-7\",\"properties\":{\"amount\":\"100\"}}]}");
        assertThat(hubspot.newest(HubspotStandIn.NOTES)
                        .findValue("to")
                        .path("id")
                        .asText())
                .isEqualTo("502");
        assertThat(failure(Map.of("amount", 1)).getMessage()).contains("idValue");
        for (String value : Hostile.values()) {
            String id = value.substring(0, Math.min(value.length(), 200));
            assertThat(routes.event(Map.of("id", id, "amount", 1)).getException())
                    .isNull();
            assertThat(hubspot.newest(UPSERT).findValue("id").asText())
                    .isEqualTo(Hostile.withoutControls(id.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " "))
                            .strip());
        }
    }

    @Test
    void anIdThatIsNoNumberNeverReachesAUrl() throws Exception {
        load("hubspot-deal-sink", "dealId: \"${body[id]}\"\nproperties: \"a: 1\"");
        for (String id : List.of("", "../contacts/1", "501?x=1", "５０１", "1 2")) {
            assertThat(failure(Map.of("id", id)).kind()).isEqualTo(Kind.PERMANENT);
        }
        for (String value : Hostile.values()) {
            if (!value.equals(Hostile.LONG)) {
                assertThat(failure(Map.of("id", value)).getMessage()).contains("dealId");
            }
        }
        assertThat(hubspot.server.getAllServeEvents()).isEmpty();
    }

    @Test
    void aLostAnswerIsUnsureAndTheNoteTells() throws Exception {
        load("hubspot-deal-sink", "dealId: \"501\"\nproperties: \"a: 1\"\nnote: \"${body[x]}\"");
        hubspot.answers("PATCH", DEAL, aResponse().withFault(Fault.EMPTY_RESPONSE));
        Map<String, Object> event = Map.of("x", "y");
        assertThat(failure(event).kind()).isEqualTo(Kind.UNSURE);
        hubspot.answers("GET", "/crm/v4/objects/deals/501/associations/notes", 200, "{\"results\":[]}");
        assertThat(routes.look(event)).isInstanceOf(Look.Absent.class);
    }

    @Test
    void parametersThatNameNoDealAreRefused() {
        assertThatThrownBy(() -> load("hubspot-deal-sink", "properties: \"a: 1\""))
                .hasStackTraceContaining("dealId");
        assertThatThrownBy(() -> load("hubspot-deal-sink", "dealId: \"1\"\nproperties: \"Deal Name: 1\""))
                .hasStackTraceContaining("Deal Name");
        assertThatThrownBy(() -> load("hubspot-deal-sink", "idProperty: \"a/b\"\nidValue: \"1\""))
                .hasStackTraceContaining("idProperty");
    }

    @Test
    void aDealIsReadWithItsFirstContact() throws Exception {
        load(
                "hubspot-deal-action",
                "dealId: \"${body[id]}\"\nproperties: \"dealname, hs_closed_won_reason\"\nvariable: won");
        hubspot.answers("GET", DEAL, 200, """
                {"id":"501","properties":{"dealname":"Acme","hs_closed_won_reason":null},
                "associations":{"contacts":{"results":[{"id":"101","type":"deal_to_contact"},{"id":"102","type":"deal_to_contact"}]}}}""");
        hubspot.answers("GET", "/crm/v3/objects/contacts/101", 200, """
                {"id":"101","properties":{"email":"ana@example.com","firstname":"Ana"}}""");
        Map<String, Object> event = Map.of("id", 501);
        Exchange done = routes.event(event);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(event);
        assertThat(JSON.valueToTree(done.getVariable("won")).toString())
                .isEqualTo(
                        "{\"id\":\"501\",\"properties\":{\"dealname\":\"Acme\",\"hs_closed_won_reason\":null},"
                                + "\"contact\":{\"id\":\"101\",\"properties\":{\"email\":\"ana@example.com\",\"firstname\":\"Ana\"}}}");
        assertThat(hubspot.requests(DEAL).get(0).getUrl())
                .contains("associations=contacts", "properties=dealname%2Chs_closed_won_reason");
    }

    @Test
    void aDealWithoutAContactIsReadAndAMissingDealIsAFailure() throws Exception {
        load("hubspot-deal-action", "dealId: \"${body[id]}\"");
        hubspot.answers("GET", DEAL, 200, "{\"id\":\"501\",\"properties\":{\"dealname\":\"Acme\"}}");
        assertThat(JSON.valueToTree(routes.event(Map.of("id", "501")).getVariable("deal"))
                        .toString())
                .isEqualTo("{\"id\":\"501\",\"properties\":{\"dealname\":\"Acme\"}}");
        assertThat(failure(Map.of("id", "999")).kind()).isEqualTo(Kind.PERMANENT);
        hubspot.answers("GET", DEAL, 500, "");
        assertThat(failure(Map.of("id", "501")).kind()).isEqualTo(Kind.PASSING);
        hubspot.answers("GET", DEAL, aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(failure(Map.of("id", "501")).kind()).isEqualTo(Kind.PASSING);
    }
}

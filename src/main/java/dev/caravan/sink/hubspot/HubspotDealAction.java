package dev.caravan.sink.hubspot;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.TextTemplate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code hubspot-deal-action}: sets a variable to a deal and its first contact, as maps; the body stays the
 * event.
 */
public final class HubspotDealAction extends SinkBean<HubspotDealAction.Wanted, HubspotDealAction.Started> {
    private static final String KAMELET = "hubspot-deal-action";
    private static final String PROPERTIES = "dealname,dealstage,amount,closedate";
    private static final String CONTACT_PROPERTIES = "email,firstname,lastname,company";
    private static final int REQUESTS = 2;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

    private @Nullable String token;
    private @Nullable String baseUrl;
    private @Nullable String dealId;
    private @Nullable String properties;
    private @Nullable String variable;

    /** What the step says. */
    record Wanted(HubspotAccount account, HubspotTarget deal, List<String> properties, String variable) {}

    /** What it holds while it runs. */
    record Started(HubspotApi api, Wanted wanted, Account budget) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public HubspotDealAction() {
        super(KAMELET);
    }

    @Override
    protected Wanted read(CamelContext camel) {
        TextTemplate id = TextTemplate.of(required(dealId, "dealId").strip(), Escaping.TEXT, camel);
        String names = optional(properties);
        List<String> wanted = Arrays.stream((names == null ? PROPERTIES : names).split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(name -> HubspotProperties.checkName(name, KAMELET, "properties"))
                .toList();
        String name = optional(variable);
        return new Wanted(
                HubspotAccount.of(required(token, "token"), optional(baseUrl)),
                new HubspotTarget(null, id, "dealId"),
                wanted,
                name == null ? "deal" : name.strip());
    }

    @Override
    protected Started open(Wanted wanted, CamelContext camel) throws Exception {
        return new Started(
                HubspotApi.open(wanted.account(), camel),
                wanted,
                wanted.account().budget(KAMELET, REQUESTS));
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    @Override
    protected boolean onlyReads() {
        return true;
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Wanted wanted = running.wanted();
        String id = wanted.deal().of(exchange).value();
        JsonNode deal = running.api()
                .read(
                        HubspotObject.DEAL,
                        id,
                        Map.of("properties", String.join(",", wanted.properties()), "associations", "contacts"))
                .orElseThrow(() -> StepFailure.permanent("HubSpot has no deal with the event's id: check dealId"));
        Map<String, Object> result = record(deal);
        String contactId = deal.path("associations")
                .path("contacts")
                .path("results")
                .path(0)
                .path("id")
                .asText();
        if (!contactId.isEmpty()) {
            running.api()
                    .read(HubspotObject.CONTACT, contactId, Map.of("properties", CONTACT_PROPERTIES))
                    .ifPresent(contact -> result.put("contact", record(contact)));
        }
        exchange.setVariable(wanted.variable(), result);
    }

    private static Map<String, Object> record(JsonNode record) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("id", record.path("id").asText());
        JsonNode properties = record.path("properties");
        result.put("properties", properties.isObject() ? JSON.convertValue(properties, MAP) : new LinkedHashMap<>());
        return result;
    }

    public void setToken(String value) {
        this.token = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setDealId(String value) {
        this.dealId = value;
    }

    public void setProperties(String value) {
        this.properties = value;
    }

    public void setVariable(String value) {
        this.variable = value;
    }
}

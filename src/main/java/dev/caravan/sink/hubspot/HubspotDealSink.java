package dev.caravan.sink.hubspot;

import dev.caravan.sink.Escaping;
import dev.caravan.sink.TextTemplate;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code hubspot-deal-sink}: updates a deal by id, or creates or updates it by a unique property, and adds a
 * note to it.
 */
public final class HubspotDealSink extends HubspotSink {
    private @Nullable String dealId;
    private @Nullable String idProperty;
    private @Nullable String idValue;

    public HubspotDealSink() {
        super("hubspot-deal-sink", HubspotObject.DEAL);
    }

    @Override
    HubspotTarget target(CamelContext camel) {
        String id = optional(dealId);
        String property = optional(idProperty);
        String value = optional(idValue);
        if (id != null && property == null && value == null) {
            return new HubspotTarget(null, TextTemplate.of(id.strip(), Escaping.TEXT, camel), "dealId");
        }
        if (id == null && property != null && value != null) {
            String name = HubspotProperties.checkName(property.strip(), kamelet(), "idProperty");
            return new HubspotTarget(name, TextTemplate.of(value.strip(), Escaping.HEADER, camel), "idValue");
        }
        throw new IllegalArgumentException(
                kamelet() + " needs either dealId, or idProperty and idValue: give one of the two");
    }

    public void setDealId(String value) {
        this.dealId = value;
    }

    public void setIdProperty(String value) {
        this.idProperty = value;
    }

    public void setIdValue(String value) {
        this.idValue = value;
    }
}

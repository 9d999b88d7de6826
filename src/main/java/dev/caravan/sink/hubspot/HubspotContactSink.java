package dev.caravan.sink.hubspot;

import dev.caravan.sink.Escaping;
import dev.caravan.sink.TextTemplate;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The bean of {@code hubspot-contact-sink}: creates or updates a contact by e-mail, and adds a note to it. */
public final class HubspotContactSink extends HubspotSink {
    private @Nullable String email;

    public HubspotContactSink() {
        super("hubspot-contact-sink", HubspotObject.CONTACT);
    }

    @Override
    HubspotTarget target(CamelContext camel) {
        TextTemplate address = TextTemplate.of(required(email, "email").strip(), Escaping.TEXT, camel);
        return new HubspotTarget("email", address, "email");
    }

    public void setEmail(String value) {
        this.email = value;
    }
}

package dev.caravan.receive;

import dev.caravan.inbox.Inbox;
import org.apache.camel.builder.RouteBuilder;

/** The one way from a vendor's request to a stored event. */
public final class ReceiveRoute extends RouteBuilder {
    /** The route's id. */
    public static final String ID = "receive";

    private final Inbox inbox;
    private final KeptHeaders keptHeaders;
    private final Rejecting rejecting;

    public ReceiveRoute(Inbox inbox) {
        this.inbox = inbox;
        this.keptHeaders = new KeptHeaders(inbox.digestKey());
        this.rejecting = new Rejecting(inbox.systemEvents());
    }

    @Override
    public void configure() {
        onException(Refused.class)
                .handled(true)
                .process(new Refuse(inbox, keptHeaders, rejecting))
                .id("refuse");
        onException(Exception.class).handled(true).process(Answers.fault()).id("fault");

        from("receive:webhooks")
                .routeId(ID)
                .process(new Verify())
                .id("verify")
                .process(new Identify())
                .id("identify")
                .process(new Store(inbox, keptHeaders, rejecting))
                .id("store")
                .process(Answers.stored())
                .id("answer");
    }
}

package dev.caravan.receive;

import dev.caravan.inbox.Inbox;
import org.apache.camel.builder.RouteBuilder;

/** The one way from a vendor's request to a stored event. */
public final class ReceiveRoute extends RouteBuilder {
    /** The route's id. */
    public static final String ID = "receive";

    private final Inbox inbox;
    private final KeptHeaders keptHeaders;

    public ReceiveRoute(Inbox inbox) {
        this.inbox = inbox;
        this.keptHeaders = new KeptHeaders(inbox.digestKey());
    }

    @Override
    public void configure() {
        onException(Refused.class)
                .handled(true)
                .process(new Refuse(inbox, keptHeaders))
                .id("refuse");
        onException(Exception.class).handled(true).process(Answers.fault()).id("fault");

        from("receive:webhooks")
                .routeId(ID)
                .process(new Verify())
                .id("verify")
                .process(new Identify())
                .id("identify")
                .process(new Store(inbox, keptHeaders))
                .id("store")
                .process(Answers.stored())
                .id("answer");
    }
}

package dev.caravan.receive;

import dev.caravan.inbox.Inbox;
import dev.caravan.source.CredentialDigests;
import org.apache.camel.builder.RouteBuilder;

/** The one way from a vendor's request to a stored event. */
public final class ReceiveRoute extends RouteBuilder {
    /** The route's id. */
    public static final String ID = "receive";

    private final Inbox inbox;
    private final KeptHeaders keptHeaders;
    private final SecretMatches matches;
    private final Rejecting rejecting;

    /** {@code digests} are made with the inbox's own key. */
    public ReceiveRoute(Inbox inbox, CredentialDigests digests) {
        this.inbox = inbox;
        this.keptHeaders = new KeptHeaders(digests);
        this.matches = new SecretMatches(inbox.quarantine(), digests);
        this.rejecting = new Rejecting(inbox.systemEvents());
    }

    @Override
    public void configure() {
        onException(Refused.class)
                .handled(true)
                .process(new Refuse(inbox.quarantine(), keptHeaders, rejecting))
                .id("refuse");
        onException(Exception.class).handled(true).process(Answers.fault()).id("fault");

        from("receive:webhooks")
                .routeId(ID)
                .process(new Verify(matches))
                .id("verify")
                .process(new Identify())
                .id("identify")
                .process(new Store(inbox, keptHeaders, rejecting))
                .id("store")
                .process(Answers.stored())
                .id("answer");
    }
}

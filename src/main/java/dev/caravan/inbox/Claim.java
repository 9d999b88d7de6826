package dev.caravan.inbox;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Claims deliveries of one automation that are due; those that only another node's version of it wants are left to that. */
final class Claim implements InboxWriter.Write<Claims> {
    /** How long this node leaves a delivery to others. */
    private static final Duration LEFT = Duration.ofSeconds(2);

    private final String automation;
    private final int limit;
    private final boolean inOrder;
    private final Subscriptions subscriptions;
    private final Membership membership;
    private List<Claimed> claimed = List.of();

    Claim(String automation, int limit, boolean inOrder, Subscriptions subscriptions, Membership membership) {
        this.automation = automation;
        this.limit = limit;
        this.inOrder = inOrder;
        this.subscriptions = subscriptions;
        this.membership = membership;
    }

    @Override
    public Claims apply(WriteSession session) throws SQLException {
        String node = membership.id();
        Subscriptions current = subscriptions.asOf(session);
        List<Claimed> own = new ArrayList<>();
        for (Claimed claim : DeliveryTable.claim(session, automation, limit, node, inOrder)) {
            Event event = claim.event();
            if (current.isForAnother(node, automation, event.source(), event.type())) {
                Instant later = session.now().plus(LEFT);
                DeliveryTable.release(session, claim, later);
            } else {
                own.add(claim);
            }
        }
        claimed = own;
        return new Claims(own, DeliveryTable.nextDue(session, automation, inOrder));
    }

    @Override
    public List<Claimed> claims() {
        return claimed;
    }
}

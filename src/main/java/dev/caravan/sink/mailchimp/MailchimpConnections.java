package dev.caravan.sink.mailchimp;

import dev.caravan.delivery.StepFailure;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;

/**
 * How many requests are under way to each account, for all automations of this node. Mailchimp takes ten simultaneous
 * connections of a user (mailchimp.com/developer/marketing/docs/fundamentals, throttling). Nodes do not know of each
 * other's. Thread-safe.
 */
final class MailchimpConnections {
    /** Two are left to others that use the account. */
    static final int LIMIT = 8;

    private static final long PATIENCE_SECONDS = 20;

    private final Map<String, Semaphore> accounts = new ConcurrentHashMap<>();

    /** A place among an account's connections, to be given back once. */
    record Place(Semaphore places) {
        void giveBack() {
            places.release();
        }
    }

    /** The one of this context. */
    static synchronized MailchimpConnections of(CamelContext camel) {
        ExtendedCamelContext extended = camel.getCamelContextExtension();
        MailchimpConnections shared = extended.getContextPlugin(MailchimpConnections.class);
        if (shared == null) {
            shared = new MailchimpConnections();
            extended.addContextPlugin(MailchimpConnections.class, shared);
        }
        return shared;
    }

    /**
     * Waits for a place, at most 20 s.
     *
     * @param account a digest that names it
     * @throws StepFailure passing, if there was none in that time
     * @throws InterruptedException if the attempt ends meanwhile
     */
    Place take(String account) throws InterruptedException {
        Semaphore places = accounts.computeIfAbsent(account, id -> new Semaphore(LIMIT, true));
        if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw StepFailure.passing(
                    "All " + LIMIT + " connections to Mailchimp were in use for " + PATIENCE_SECONDS + " s", null);
        }
        return new Place(places);
    }
}

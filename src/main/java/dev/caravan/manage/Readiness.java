package dev.caravan.manage;

import dev.caravan.inbox.Inbox;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Whether the node can take in events: its routes are loaded and its inbox can store. An automation that is off or
 * broken does not count.
 */
public final class Readiness extends AbstractHealthCheck {
    private final AtomicBoolean loaded = new AtomicBoolean();
    private final Inbox inbox;

    public Readiness(Inbox inbox) {
        super("caravan", "inbox");
        this.inbox = inbox;
    }

    /** Says that the routes are loaded. */
    public void routesLoaded() {
        loaded.set(true);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
        if (!loaded.get()) {
            result.message("the routes are not loaded yet").down();
            return;
        }
        try {
            inbox.probe().get(2, TimeUnit.SECONDS);
            result.up();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.message("the check was interrupted").down();
        } catch (Exception e) {
            result.message("the inbox cannot store").down();
        }
    }
}

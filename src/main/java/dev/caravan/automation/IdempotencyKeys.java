package dev.caravan.automation;

import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.KeyAnswer;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;

/**
 * The bean {@code idempotency} for {@code idempotentConsumer} in automations: keys that are on disk before the block is
 * entered. Each automation has its own keys. A key belongs to the delivery that added it: a retry of that delivery
 * enters the block again; another delivery waits until it settles, then passes by the block where it succeeded and
 * takes the key where it died. Thread-safe; blocks for one commit.
 *
 * <p>Not for routes that do not start from {@code inbox:}.
 */
public final class IdempotencyKeys implements IdempotentRepository {
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Inbox inbox;

    public IdempotencyKeys(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public boolean add(Exchange exchange, String key) {
        KeyAnswer answer =
                inbox.addKey(automation(exchange), key, delivery(exchange)).join();
        return switch (answer.kind()) {
            case ADDED -> true;
            case DUPLICATE -> false;
            case HELD ->
                throw new KeyHeld(
                        answer.owner().orElse("unknown"),
                        askAgainAt(answer.ownerDueAt().orElse(Instant.EPOCH)));
        };
    }

    private Instant askAgainAt(Instant ownerDueAt) {
        Instant now = inbox.clock().instant();
        Instant soonest = now.plus(SHORTEST_WAIT);
        Instant latest = now.plus(LONGEST_WAIT);
        Instant afterOwner = ownerDueAt.plus(SHORTEST_WAIT);
        if (afterOwner.isBefore(soonest)) {
            return soonest;
        }
        return afterOwner.isAfter(latest) ? latest : afterOwner;
    }

    @Override
    public boolean contains(Exchange exchange, String key) {
        return inbox.hasKey(automation(exchange), key).join();
    }

    /** Does nothing: the key stays with its delivery, which decides its fate when it settles. */
    @Override
    public boolean remove(Exchange exchange, String key) {
        return true;
    }

    /** Does nothing: that the delivery succeeds confirms its keys. */
    @Override
    public boolean confirm(Exchange exchange, String key) {
        return true;
    }

    @Override
    public boolean add(String key) {
        throw needsDelivery();
    }

    @Override
    public boolean contains(String key) {
        throw needsDelivery();
    }

    @Override
    public boolean remove(String key) {
        throw needsDelivery();
    }

    @Override
    public boolean confirm(String key) {
        throw needsDelivery();
    }

    /** Does nothing: keys are kept for good. */
    @Override
    public void clear() {}

    /** Does nothing: the bean outlives the routes that use it. */
    @Override
    public void start() {}

    /** Does nothing: the bean outlives the routes that use it. */
    @Override
    public void stop() {}

    private static String automation(Exchange exchange) {
        return exchange.getFromRouteId();
    }

    private static String delivery(Exchange exchange) {
        String id = exchange.getVariable("deliveryId", String.class);
        if (id == null) {
            throw needsDelivery();
        }
        return id;
    }

    private static IllegalStateException needsDelivery() {
        return new IllegalStateException(
                "The idempotent repository 'idempotency' works in automations only: start the route from inbox:.");
    }
}

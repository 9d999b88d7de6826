package dev.caravan.delivery;

import dev.caravan.inbox.Claims;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Unordered;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The deliveries of one automation that may be claimed. Where they have an order, it finds out their values first. */
final class DueDeliveries {
    private static final int AT_ONCE = 200;

    private final String automation;
    private final Optional<OrderBy> orderBy;
    private final Inbox inbox;
    private final Executor workers;
    private boolean forgotten;

    DueDeliveries(String automation, Optional<OrderBy> orderBy, Inbox inbox, Executor workers) {
        this.automation = automation;
        this.orderBy = orderBy;
        this.inbox = inbox;
        this.workers = workers;
    }

    /** Claims up to {@code limit}; one call at a time. */
    CompletableFuture<Claims> claim(int limit) {
        if (orderBy.isEmpty()) {
            return inbox.claim(automation, limit);
        }
        try {
            return CompletableFuture.supplyAsync(() -> order(orderBy.get()), workers)
                    .thenCompose(ordered -> inbox.claimInOrder(automation, limit));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * What values there are belongs to a version of the route: an edited one may order by something else. Where another
     * node is at it, that is left to it: what has no value yet is not claimed.
     */
    private boolean order(OrderBy by) {
        while (!forgotten) {
            forgotten = inbox.forgetOrder(automation).join();
        }
        List<Unordered> found;
        boolean put = true;
        do {
            found = inbox.reader().unordered(automation, AT_ONCE);
            Map<String, String> values = new LinkedHashMap<>();
            found.forEach(one -> values.put(one.deliveryId(), valueOf(by, one)));
            if (!values.isEmpty()) {
                put = inbox.order(automation, values).join();
            }
        } while (put && found.size() == AT_ONCE);
        return put;
    }

    /** A delivery without a value is the only one of its own. The mark keeps the two kinds of value apart. */
    private static String valueOf(OrderBy by, Unordered one) {
        return by.valueOf(one.event()).map(value -> "=" + value).orElse(one.deliveryId());
    }
}

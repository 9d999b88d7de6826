/**
 * Inbox: keeps every accepted event once, with its deliveries, attempts, finished steps, subscriptions and idempotency keys, and the
 * requests that were refused. All writing goes through {@link dev.caravan.inbox.InboxWriter}, which commits what has
 * queued together; reading has its own connections.
 *
 * <p>Guarantees: a completed future means that the write is on disk; an event and its deliveries are one commit; a
 * second event with the same source and idempotency key is never stored.
 *
 * <p>May import {@code settings}. The only stage, beside {@code sink}, that knows JDBC; knows no Camel.
 */
@NullMarked
package dev.caravan.inbox;

import org.jspecify.annotations.NullMarked;

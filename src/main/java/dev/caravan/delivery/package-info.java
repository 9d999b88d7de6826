/**
 * Delivery: runs what the inbox holds. It claims deliveries, gives each to its automation, limits how many run at
 * once, judges how an attempt ended and decides what follows.
 *
 * <p>Guarantees: a delivery runs at most once at a time; one automation's failures never hold up another's; nothing is
 * retried that cannot succeed by waiting.
 *
 * <p>May import {@code inbox} and {@code settings}. Knows no Camel.
 */
@NullMarked
package dev.caravan.delivery;

import org.jspecify.annotations.NullMarked;

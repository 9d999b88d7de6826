/**
 * Reconcile: compares the inbox with the list that a vendor's API gives, and takes in what is missing as events, through
 * the same idempotency keys as webhooks.
 *
 * <p>Guarantees: nothing is taken in twice, whether by another run or by the vendor's own later webhook; what was taken
 * in before a failure stays.
 *
 * <p>May import {@code settings}, {@code source}, {@code inbox} and {@code delivery}.
 */
@NullMarked
package dev.caravan.reconcile;

import org.jspecify.annotations.NullMarked;

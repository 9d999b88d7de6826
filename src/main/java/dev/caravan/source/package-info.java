/**
 * Sources: the vendors' endpoints. A source verifies a request over its raw bytes and then finds type, time and
 * idempotency key of the events in it.
 *
 * <p>Guarantees: no byte of a body is interpreted before its signature verified; every request gets an answer, never an
 * exception, whatever its bytes; no reason holds a secret, a signature or payload.
 *
 * <p>May import {@code settings}. Knows no Camel.
 */
@NullMarked
package dev.caravan.source;

import org.jspecify.annotations.NullMarked;

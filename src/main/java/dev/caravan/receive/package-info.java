/**
 * Receive: turns a vendor's HTTP request into a stored event. A small Camel consumer on the Vert.x router reads the raw
 * bytes; the receive route verifies, identifies, stores and answers, all on the event loop, and no thread waits for the
 * disk.
 *
 * <p>Guarantees: 200 is answered to an event only after its commit; every request is answered within the answer
 * time-out; a fault of our own is never a 4xx.
 *
 * <p>May import {@code source}, {@code inbox} and {@code settings}. Beside {@code manage} and {@code runtime} the only
 * stage that knows Vert.x.
 */
@NullMarked
package dev.caravan.receive;

import org.jspecify.annotations.NullMarked;

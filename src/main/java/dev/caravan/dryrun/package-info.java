/**
 * Dry run: makes it safe to run automations without anything reaching the world, and shows what would have. A capturing
 * server on loopback takes every HTTP request and answers as the vendor would, SQL is shown with its values and run only
 * in the demo, and every component that is not of this process is refused.
 *
 * <p>Guarantees: no step of a route reaches an address outside this machine; what is shown is what arrived at the
 * capturing server or was bound to the statement, not what a route says of itself; secrets are masked. Not promised for
 * Java code that users bring: a bean that opens a socket of its own is not seen.
 *
 * <p>May import {@code settings}, {@code source}, {@code inbox}, {@code delivery}, {@code sink} and {@code automation}.
 */
@NullMarked
package dev.caravan.dryrun;

import org.jspecify.annotations.NullMarked;

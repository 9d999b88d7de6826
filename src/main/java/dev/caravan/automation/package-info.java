/**
 * Automations: turns route files and {@code RouteBuilder}s into running Camel routes and keeps them in line with the
 * files.
 *
 * <p>Guarantees: a file is parsed and checked before anything that runs is touched; a save replaces that file's routes
 * only; deliveries in flight finish on the old routes; a broken save leaves the last good version running; an
 * automation that is not deleted is at no moment unsubscribed.
 *
 * <p>May import {@code settings}, {@code source}, {@code inbox}, {@code delivery} and {@code sink}.
 */
@NullMarked
package dev.caravan.automation;

import org.jspecify.annotations.NullMarked;

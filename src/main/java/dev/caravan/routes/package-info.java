/**
 * Automations written in Java, as an example of the Java DSL: found by {@code ServiceLoader}, switched on and off like
 * those in {@code routes/}. May import automation. Nothing imports it.
 */
@NullMarked
package dev.caravan.routes;

import org.jspecify.annotations.NullMarked;

/**
 * What users and vendors can rely on, tried from outside: a real node in its own directory, real HTTP, and stand-ins
 * on loopback for what it delivers to.
 */
@NullMarked
package dev.caravan.acceptance;

import org.jspecify.annotations.NullMarked;

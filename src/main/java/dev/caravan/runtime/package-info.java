/**
 * Runtime: puts the stages together into a running node, in the order in which they may begin and end: the inbox before
 * the routes, the routes before the public listener; and the other way round.
 *
 * <p>Imports every stage but {@code cli}. The only place where a system clock is made.
 */
@NullMarked
package dev.caravan.runtime;

import org.jspecify.annotations.NullMarked;

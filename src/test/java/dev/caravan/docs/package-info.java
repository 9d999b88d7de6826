/**
 * The pages {@code docs/sinks.md} and {@code docs/patterns.md}, made from the Kamelets and the route files: whatever is
 * there when they are made. What they say is said in those files; nothing of a sink or a route stands here.
 */
@NullMarked
package dev.caravan.docs;

import org.jspecify.annotations.NullMarked;

/** Koji: what is read from and started in the research platform whose webhooks begin an automation, and its answers. */
@NullMarked
package dev.caravan.sink.koji;

import org.jspecify.annotations.NullMarked;

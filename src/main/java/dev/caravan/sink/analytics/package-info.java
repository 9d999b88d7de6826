/** Product analytics: an event of a user, and properties of the user, in Amplitude, Mixpanel and Heap. */
@NullMarked
package dev.caravan.sink.analytics;

import org.jspecify.annotations.NullMarked;

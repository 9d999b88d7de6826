/**
 * Samples: an event of every type that the four main vendors name, as they document it or as close to it as is known.
 * What is sent is exactly the file's bytes unless the caller overrides fields or asks for fresh ids.
 *
 * <p>May import settings and source. Knows no Camel.
 */
@NullMarked
package dev.caravan.samples;

import org.jspecify.annotations.NullMarked;

/**
 * Settings: what the user wrote in {@code application.properties}, read once, typed, with every problem reported
 * together.
 *
 * <p>Guarantees: a key that nobody knows is named with a suggestion; a secret appears in no message, no
 * {@code toString()} and no listing.
 *
 * <p>Imports nothing of Caravan.
 */
@NullMarked
package dev.caravan.settings;

import org.jspecify.annotations.NullMarked;

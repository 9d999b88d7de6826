/**
 * E-mail: {@code email-sink}, which hands messages to a mail server, and the letters and addresses that the sinks of mail
 * services share with it.
 *
 * <p>Guarantees: no value of a payload adds a recipient, a header or markup; an address is used only if it is one by a
 * strict reading, and no message of a failure quotes one.
 */
@NullMarked
package dev.caravan.sink.email;

import org.jspecify.annotations.NullMarked;

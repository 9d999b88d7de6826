/** {@code sendgrid-email-sink}: e-mail through Twilio SendGrid. */
@NullMarked
package dev.caravan.sink.sendgrid;

import org.jspecify.annotations.NullMarked;

/**
 * Mailchimp: {@code mailchimp-member-sink}, which keeps a contact of an audience up to date (Marketing API 3.0), and
 * {@code mandrill-email-sink}, which sends e-mail (Transactional API, Mandrill).
 */
@NullMarked
package dev.caravan.sink.mailchimp;

import org.jspecify.annotations.NullMarked;

package dev.caravan.sink.email;

import dev.caravan.delivery.StepFailure;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;

/** Hands messages over. Safe for use by several threads. */
interface Mailer extends AutoCloseable {

    /** What messages are made for. */
    Session session();

    /**
     * Hands a message over.
     *
     * @throws StepFailure if it was not taken, or that is not known
     */
    void send(EmailMessage message) throws MessagingException;

    @Override
    void close();
}

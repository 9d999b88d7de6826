package dev.caravan.routes;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A real SMTP server for the mails of the shipped routes. Give {@link #keys} to {@link ShippedRoutes#start}. */
final class MailServer implements AutoCloseable {
    private final GreenMail server =
            new GreenMail(new ServerSetup(0, ServerSetup.getLocalHostAddress(), ServerSetup.PROTOCOL_SMTP));

    /**
     * A mail that arrived.
     *
     * @param headers as they came
     * @param text its part for readers of plain text
     * @param html its part for the others
     */
    record Mail(String to, String subject, List<String> headers, String text, String html) {}

    static MailServer start() {
        MailServer mail = new MailServer();
        mail.server.start();
        return mail;
    }

    /** Lines for {@code application.properties} with which mails come here. */
    String[] keys() {
        return new String[] {
            "email.host = " + ServerSetup.getLocalHostAddress(),
            "email.port = " + server.getSmtp().getPort(),
            "email.security = none",
            "email.from = research@acme.example"
        };
    }

    /** What has arrived, by recipient. */
    List<Mail> mails() {
        return Arrays.stream(server.getReceivedMessages())
                .map(MailServer::mail)
                .sorted((one, other) -> one.to().compareTo(other.to()))
                .toList();
    }

    /** What has arrived is gone. */
    void forget() {
        try {
            server.purgeEmailFromAllMailboxes();
        } catch (FolderException broken) {
            throw new AssertionError(broken);
        }
    }

    private static Mail mail(MimeMessage message) {
        try {
            MimeMultipart parts = (MimeMultipart) message.getContent();
            return new Mail(
                    message.getAllRecipients()[0].toString(),
                    message.getSubject(),
                    Collections.list(message.getAllHeaderLines()),
                    parts.getBodyPart(0).getContent().toString(),
                    parts.getBodyPart(1).getContent().toString());
        } catch (MessagingException | IOException broken) {
            throw new AssertionError(broken);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}

package dev.caravan.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * A captured request that sends an e-mail: to a mail server, SendGrid or Mandrill.
 *
 * @param to the recipients' addresses
 * @param subject as a reader sees it
 * @param text the part without markup, or what stands first
 */
record MailRequest(List<String> to, String subject, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty if the request is no e-mail, or cannot be read as one. */
    static Optional<MailRequest> of(CapturedRequest request) {
        try {
            if (request.scheme().equals("smtp")) {
                return Optional.of(ofMime(request.body()));
            }
            if (request.host().equals("api.sendgrid.com") && request.path().equals("/v3/mail/send")) {
                return Optional.of(ofSendGrid(JSON.readTree(request.text())));
            }
            if (request.host().equals("mandrillapp.com") && request.path().contains("/messages/send")) {
                return Optional.of(ofMandrill(JSON.readTree(request.text()).path("message")));
            }
        } catch (MessagingException | IOException notMail) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** What the message is, without its text. */
    String title() {
        return "e-mail to " + String.join(", ", to) + ": \"" + subject + "\"";
    }

    private static MailRequest ofMime(byte[] body) throws MessagingException, IOException {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(body));
        List<String> to = new ArrayList<>();
        Address[] recipients = message.getAllRecipients();
        for (Address recipient : recipients == null ? new Address[0] : recipients) {
            to.add(recipient instanceof InternetAddress internet ? internet.getAddress() : recipient.toString());
        }
        String subject = message.getSubject();
        return new MailRequest(to, subject == null ? "" : subject, text(message.getContent()));
    }

    private static String text(Object content) throws MessagingException, IOException {
        Object first = content instanceof MimeMultipart parts && parts.getCount() > 0
                ? parts.getBodyPart(0).getContent()
                : content;
        return first instanceof String text ? text.replace("\r\n", "\n") : "";
    }

    private static MailRequest ofSendGrid(JsonNode message) {
        return new MailRequest(
                message.at("/personalizations/0/to").findValuesAsText("email"),
                message.path("subject").asText(),
                message.at("/content/0/value").asText());
    }

    private static MailRequest ofMandrill(JsonNode message) {
        return new MailRequest(
                message.path("to").findValuesAsText("email"),
                message.path("subject").asText(),
                message.path("text").asText());
    }
}

package dev.caravan.sink.email;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** A letter as a MIME message (RFC 5322, RFC 2045 to 2047), in ASCII. Used by one thread. */
final class EmailMessage extends MimeMessage {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();
    private static final String MESSAGE_ID = "Message-ID";

    private final String id;
    private boolean begun;

    private EmailMessage(Session session, String id) {
        super(session);
        this.id = id;
    }

    /**
     * Writes a letter.
     *
     * @param key the delivery's: the left side of the Message-ID, so that every attempt sends the same one
     */
    static EmailMessage of(Letter letter, String key, Instant date, Session session) throws MessagingException {
        EmailMessage message =
                new EmailMessage(session, "<" + key + "@" + letter.from().domain() + ">");
        message.setFrom(internet(letter.from()));
        for (MailAddress recipient : letter.to()) {
            message.addRecipient(Message.RecipientType.TO, internet(recipient));
        }
        MailAddress replyTo = letter.replyTo();
        if (replyTo != null) {
            message.setReplyTo(new InternetAddress[] {internet(replyTo)});
        }
        message.setSubject(plain(letter.subject()), UTF_8);
        message.setSentDate(Date.from(date));
        // RFC 3834, 5: so that no vacation notice answers it.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.fill(letter);
        message.saveChanges();
        return message;
    }

    private void fill(Letter letter) throws MessagingException {
        String html = letter.html();
        if (html == null) {
            setText(letter.text(), UTF_8);
            return;
        }
        MimeMultipart parts = new MimeMultipart("alternative");
        parts.addBodyPart(part(letter.text(), "plain"));
        parts.addBodyPart(part(html, "html"));
        setContent(parts);
    }

    private static MimeBodyPart part(String text, String type) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, UTF_8, type);
        return part;
    }

    private static InternetAddress internet(MailAddress address) throws MessagingException {
        InternetAddress internet = new InternetAddress();
        internet.setAddress(address.address());
        try {
            String name = address.name();
            if (name != null) {
                internet.setPersonal(plain(name), UTF_8);
            }
            return internet;
        } catch (UnsupportedEncodingException impossible) {
            throw new MessagingException("This Java has no UTF-8", impossible);
        }
    }

    /** What looks like an encoded word would be decoded by who reads it; with a word joiner in it, it is encoded itself. */
    private static String plain(String text) {
        return text.replace("=?", "=\u2060?");
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader(MESSAGE_ID, id);
    }

    @Override
    public void writeTo(OutputStream out, String @Nullable [] ignored) throws IOException, MessagingException {
        begun = true;
        super.writeTo(out, ignored);
    }

    /** Whether the text has begun to go out: before, no server can have taken it. */
    boolean hasBegun() {
        return begun;
    }

    /** The message as it goes over the wire. */
    String text() throws IOException, MessagingException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeTo(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

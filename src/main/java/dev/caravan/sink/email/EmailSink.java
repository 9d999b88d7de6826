package dev.caravan.sink.email;

import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.Sinks;
import jakarta.mail.MessagingException;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code email-sink}: hands one message for all recipients to a mail server (SMTP, RFC 5321). One recipient
 * that is refused fails the step, and nothing is sent to the others, so that a retry never repeats what some have got.
 */
public final class EmailSink extends SinkBean<EmailSink.Parameters, EmailSink.Started> {
    private static final String SUBMISSION_PORT = "587";

    private @Nullable String host;
    private @Nullable String port;
    private @Nullable String username;
    private @Nullable String password;
    private @Nullable String security;
    private @Nullable String trustedCertificates;
    private @Nullable String from;
    private @Nullable String to;
    private @Nullable String replyTo;
    private @Nullable String subject;
    private @Nullable String text;
    private @Nullable String body;

    /** What the step says. */
    record Parameters(MailServer server, LetterTemplate letter) {}

    /** What it holds while it runs. */
    record Started(Sinks sinks, LetterTemplate letter, Mailer mailer, Account budget) implements AutoCloseable {
        @Override
        public void close() {
            mailer.close();
        }
    }

    public EmailSink() {
        super("email-sink");
    }

    @Override
    protected Parameters read(CamelContext camel) {
        LetterTemplate.Given given = new LetterTemplate.Given(
                required(from, "from"),
                null,
                required(to, "to"),
                optional(replyTo),
                required(subject, "subject"),
                optional(text),
                optional(body));
        return new Parameters(server(), new LetterTemplate(given, kamelet(), camel));
    }

    private MailServer server() {
        String certificates = optional(trustedCertificates);
        return new MailServer(
                required(host, "host").strip(),
                port(),
                optional(username),
                optional(password),
                security(),
                certificates == null ? null : TrustedCertificates.of(certificates));
    }

    private int port() {
        String given = optional(port);
        try {
            return Integer.parseInt(given == null ? SUBMISSION_PORT : given.strip());
        } catch (NumberFormatException notNumber) {
            throw new IllegalArgumentException("email-sink: the parameter port is " + given + ": give 1 to 65535");
        }
    }

    private MailServer.Security security() {
        String given = optional(security);
        return switch (given == null ? "starttls" : given.strip().toLowerCase(Locale.ROOT)) {
            case "starttls" -> MailServer.Security.STARTTLS;
            case "tls" -> MailServer.Security.TLS;
            case "none" -> MailServer.Security.NONE;
            default ->
                throw new IllegalArgumentException(
                        "email-sink: the parameter security is " + given + ": give it as starttls, tls or none");
        };
    }

    @Override
    protected Started open(Parameters read, CamelContext camel) throws Exception {
        MailServer server = read.server();
        Sinks sinks = Sinks.of(camel);
        Mailer mailer =
                sinks.destinations().captures() ? CapturedMailer.open(server, camel) : SmtpMailer.open(server, camel);
        String account = server.username() + "@" + server.host() + ":" + server.port();
        return new Started(
                sinks,
                read.letter(),
                mailer,
                Account.of(kamelet(), account, Optional.empty(), server.host(), server.host(), 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) throws MessagingException {
        Letter letter = running.letter().render(exchange);
        Mailer mailer = running.mailer();
        mailer.send(EmailMessage.of(
                letter, DeliveryKey.hash(exchange), running.sinks().clock().instant(), mailer.session()));
    }

    /** No rate is stated: each server has its own. */
    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    public void setHost(String value) {
        this.host = value;
    }

    public void setPort(String value) {
        this.port = value;
    }

    public void setUsername(String value) {
        this.username = value;
    }

    public void setPassword(String value) {
        this.password = value;
    }

    public void setSecurity(String value) {
        this.security = value;
    }

    public void setTrustedCertificates(String value) {
        this.trustedCertificates = value;
    }

    public void setFrom(String value) {
        this.from = value;
    }

    public void setTo(String value) {
        this.to = value;
    }

    public void setReplyTo(String value) {
        this.replyTo = value;
    }

    public void setSubject(String value) {
        this.subject = value;
    }

    public void setText(String value) {
        this.text = value;
    }

    public void setBody(String value) {
        this.body = value;
    }
}

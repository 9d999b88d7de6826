package dev.caravan.sink.email;

import jakarta.mail.Session;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.jspecify.annotations.Nullable;

/**
 * A mail server and how it is to be spoken to.
 *
 * @param username null where it asks for none
 * @param trusted whom to trust; null for whom Java trusts
 */
record MailServer(
        String host,
        int port,
        @Nullable String username,
        @Nullable String password,
        Security security,
        @Nullable TrustedCertificates trusted) {
    private static final String PROTOCOL = "smtp";
    private static final String CONNECT_MILLIS = "5000";
    private static final String ANSWER_MILLIS = "30000";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,255}");

    /** How the connection is protected. */
    enum Security {
        /** Plain at first; nothing is sent unless the server then turns to TLS (RFC 3207). */
        STARTTLS,
        /** TLS from the first byte (RFC 8314). */
        TLS,
        /** Not at all. */
        NONE
    }

    MailServer {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "email-sink: the parameter host is no host name: give it as smtp.example.com");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("email-sink: the parameter port is " + port + ": give 1 to 65535");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("email-sink needs both of username and password, or none of them");
        }
    }

    /** Sends through camel-mail's client: one connection for each message, nothing twice, all recipients or none. */
    DefaultJavaMailSender sender() {
        DefaultJavaMailSender sender = new DefaultJavaMailSender();
        sender.setProtocol(PROTOCOL);
        sender.setHost(host);
        sender.setPort(port);
        sender.setUsername(username);
        sender.setPassword(password);
        sender.setSession(Session.getInstance(properties()));
        return sender;
    }

    private Properties properties() {
        Properties mail = new Properties();
        mail.put("mail.smtp.connectiontimeout", CONNECT_MILLIS);
        mail.put("mail.smtp.timeout", ANSWER_MILLIS);
        mail.put("mail.smtp.writetimeout", ANSWER_MILLIS);
        mail.put("mail.smtp.auth", String.valueOf(username != null));
        mail.put("mail.smtp.sendpartial", "false");
        mail.put("mail.smtp.ssl.enable", String.valueOf(security == Security.TLS));
        mail.put("mail.smtp.starttls.enable", String.valueOf(security == Security.STARTTLS));
        mail.put("mail.smtp.starttls.required", String.valueOf(security == Security.STARTTLS));
        mail.put("mail.smtp.ssl.checkserveridentity", "true");
        if (trusted != null) {
            mail.put("mail.smtp.ssl.socketFactory", trusted.socketFactory());
        }
        return mail;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MailServer[" + host + ":" + port + "]";
    }
}

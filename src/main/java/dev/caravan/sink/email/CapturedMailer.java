package dev.caravan.sink.email;

import dev.caravan.sink.Sinks;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;

/**
 * Posts messages to the capturing server of demo and dry run, as {@code message/rfc822}. It knows no mail server.
 *
 * @param url where
 */
record CapturedMailer(VendorApi capture, String url, Session session) implements Mailer {

    static CapturedMailer open(MailServer server, CamelContext camel) throws Exception {
        String url = Sinks.of(camel).destinations().ofMailServer(server.host(), server.port());
        String name = "the capturing server";
        return new CapturedMailer(
                VendorApi.open(camel, name, VendorRules.byStatus(name)), url, Session.getInstance(new Properties()));
    }

    @Override
    public void send(EmailMessage message) throws MessagingException {
        try {
            capture.call(new VendorRequest("POST", url, Map.of(), "message/rfc822", message.text()));
        } catch (IOException unwritable) {
            throw new MessagingException("The message cannot be written", unwritable);
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}

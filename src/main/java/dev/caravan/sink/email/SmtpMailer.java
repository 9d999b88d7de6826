package dev.caravan.sink.email;

import jakarta.mail.Session;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Hands messages to a mail server, through camel-mail. Each exchange that its producer gets holds a finished message and
 * no headers, since camel-mail takes headers for recipients and for settings (CVE-2026-46584).
 */
record SmtpMailer(DefaultJavaMailSender sender, Producer producer) implements Mailer {
    /** Only a name: host and password are the sender's, so that they are part of no endpoint's URI. */
    private static final String ENDPOINT = "smtp://email-sink.invalid";

    static SmtpMailer open(MailServer server, CamelContext camel) throws Exception {
        DefaultJavaMailSender sender = server.sender();
        MailConfiguration configuration = new MailConfiguration(camel);
        configuration.setJavaMailSender(sender);
        MailEndpoint endpoint = new MailEndpoint(ENDPOINT, new MailComponent(camel), configuration);
        endpoint.setCamelContext(camel);
        Producer producer = endpoint.createProducer();
        ServiceHelper.startService(producer);
        return new SmtpMailer(sender, producer);
    }

    @Override
    public Session session() {
        return sender.getSession();
    }

    @Override
    public void send(EmailMessage message) {
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getIn().setBody(message);
        try {
            producer.process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            throw SmtpFailures.of(failure, message.hasBegun());
        }
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(producer);
    }
}

package dev.caravan.sink.sendgrid;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ListTemplates;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.email.Letter;
import dev.caravan.sink.email.LetterTemplate;
import dev.caravan.sink.email.MailAddress;
import dev.caravan.sink.email.ServiceAddress;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code sendgrid-email-sink}: one {@code POST /v3/mail/send} for all recipients
 * (github.com/twilio/sendgrid-oai, tsg_mail_v3.json). SendGrid drops no message that comes twice; the delivery's hash goes
 * along as the custom argument {@code caravan_delivery}, to be found in its activity and event webhook.
 */
public final class SendGridEmailSink extends SinkBean<SendGridEmailSink.Parameters, SendGridEmailSink.Started> {
    private static final String HOST = "api.sendgrid.com";
    private static final int LONGEST_CATEGORY = 255;
    private static final int MOST_CATEGORIES = 10;

    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String from;
    private @Nullable String fromName;
    private @Nullable String to;
    private @Nullable String replyTo;
    private @Nullable String subject;
    private @Nullable String body;
    private @Nullable String categories;

    /** What the step says. */
    record Parameters(String apiKey, String url, LetterTemplate letter, ListTemplates categories) {
        /** Without the key. */
        @Override
        public String toString() {
            return "Parameters[…]";
        }
    }

    /** What it holds while it runs. */
    record Started(Parameters parameters, VendorApi api, Account budget) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public SendGridEmailSink() {
        super("sendgrid-email-sink");
    }

    @Override
    protected Parameters read(CamelContext camel) {
        LetterTemplate.Given given = new LetterTemplate.Given(
                required(from, "from"),
                optional(fromName),
                required(to, "to"),
                optional(replyTo),
                required(subject, "subject"),
                null,
                required(body, "body"));
        return new Parameters(
                required(apiKey, "apiKey").strip(),
                ServiceAddress.of(optional(baseUrl), "https://" + HOST, camel) + "/v3/mail/send",
                new LetterTemplate(given, kamelet(), camel),
                ListTemplates.of(optional(categories), Escaping.HEADER, camel));
    }

    @Override
    protected Started open(Parameters read, CamelContext camel) throws Exception {
        return new Started(
                read,
                VendorApi.open(camel, "SendGrid", new SendGridAnswers()),
                Account.of(kamelet(), read.apiKey(), Optional.empty(), HOST, read.url(), 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Parameters parameters = running.parameters();
        ObjectNode message = message(
                parameters.letter().render(exchange),
                parameters.categories().render(exchange, LONGEST_CATEGORY, MOST_CATEGORIES),
                DeliveryKey.hash(exchange));
        running.api().call(VendorRequest.json("POST", parameters.url(), message).bearer(parameters.apiKey()));
    }

    private static ObjectNode message(Letter letter, List<String> categories, String key) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        ObjectNode personalization = message.putArray("personalizations").addObject();
        ArrayNode recipients = personalization.putArray("to");
        letter.to().forEach(recipient -> recipients.add(mailbox(recipient)));
        personalization.putObject("custom_args").put("caravan_delivery", key);
        message.set("from", mailbox(letter.from()));
        if (letter.replyTo() != null) {
            message.set("reply_to", mailbox(letter.replyTo()));
        }
        message.put("subject", letter.subject());
        ArrayNode content = message.putArray("content");
        content.addObject().put("type", "text/plain").put("value", letter.text());
        if (letter.html() != null) {
            content.addObject().put("type", "text/html").put("value", letter.html());
        }
        if (!categories.isEmpty()) {
            categories.forEach(message.putArray("categories")::add);
        }
        return message;
    }

    private static ObjectNode mailbox(MailAddress address) {
        ObjectNode mailbox = JsonNodeFactory.instance.objectNode().put("email", address.address());
        return address.name() == null ? mailbox : mailbox.put("name", address.name());
    }

    /** No rate is stated for sending. */
    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    public void setApiKey(String value) {
        this.apiKey = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setFrom(String value) {
        this.from = value;
    }

    public void setFromName(String value) {
        this.fromName = value;
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

    public void setBody(String value) {
        this.body = value;
    }

    public void setCategories(String value) {
        this.categories = value;
    }
}

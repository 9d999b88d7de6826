package dev.caravan.sink.mailchimp;

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
 * The bean of {@code mandrill-email-sink}: one {@code messages/send} for all recipients
 * (mailchimp.com/developer/transactional/api/messages). Merge tags are off, so that a value such as {@code *|UNSUB|*} stays
 * text. Mandrill drops no message that comes twice; the delivery's hash goes along as the metadata {@code caravan_delivery}.
 */
public final class MandrillEmailSink extends SinkBean<MandrillEmailSink.Parameters, MandrillEmailSink.Started> {
    private static final String HOST = "mandrillapp.com";
    private static final int LONGEST_TAG = 50;
    private static final int MOST_TAGS = 100;

    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String from;
    private @Nullable String fromName;
    private @Nullable String to;
    private @Nullable String replyTo;
    private @Nullable String subject;
    private @Nullable String body;
    private @Nullable String tags;

    /** What the step says. */
    record Parameters(String apiKey, String url, LetterTemplate letter, ListTemplates tags) {
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

    public MandrillEmailSink() {
        super("mandrill-email-sink");
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
                ServiceAddress.of(optional(baseUrl), "https://" + HOST, camel) + "/api/1.0/messages/send",
                new LetterTemplate(given, kamelet(), camel),
                ListTemplates.of(optional(tags), Escaping.HEADER, camel));
    }

    @Override
    protected Started open(Parameters read, CamelContext camel) throws Exception {
        return new Started(
                read,
                VendorApi.open(camel, "Mandrill", new MandrillAnswers()),
                Account.of(kamelet(), read.apiKey(), Optional.empty(), HOST, read.url(), 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Parameters parameters = running.parameters();
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("key", parameters.apiKey());
        request.set("message", message(parameters, exchange));
        request.put("async", false);
        running.api().call(VendorRequest.json("POST", parameters.url(), request));
    }

    private static ObjectNode message(Parameters parameters, Exchange exchange) {
        Letter letter = parameters.letter().render(exchange);
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("from_email", letter.from().address());
        if (letter.from().name() != null) {
            message.put("from_name", letter.from().name());
        }
        ArrayNode recipients = message.putArray("to");
        letter.to().forEach(recipient -> recipients.add(recipient(recipient)));
        MailAddress replyTo = letter.replyTo();
        if (replyTo != null) {
            message.putObject("headers").put("Reply-To", replyTo.address());
        }
        message.put("subject", letter.subject()).put("text", letter.text());
        if (letter.html() != null) {
            message.put("html", letter.html());
        }
        message.put("merge", false);
        List<String> tags = tags(parameters.tags(), exchange);
        if (!tags.isEmpty()) {
            tags.forEach(message.putArray("tags")::add);
        }
        message.putObject("metadata").put("caravan_delivery", DeliveryKey.hash(exchange));
        return message;
    }

    private static ObjectNode recipient(MailAddress address) {
        ObjectNode recipient = JsonNodeFactory.instance
                .objectNode()
                .put("email", address.address())
                .put("type", "to");
        return address.name() == null ? recipient : recipient.put("name", address.name());
    }

    /** Those that begin with an underscore are Mandrill's own. */
    private static List<String> tags(ListTemplates template, Exchange exchange) {
        return template.render(exchange, LONGEST_TAG, MOST_TAGS).stream()
                .map(tag -> tag.replaceFirst("^_+", ""))
                .filter(tag -> !tag.isBlank())
                .distinct()
                .toList();
    }

    /** No rate is stated: an hourly quota belongs to each account. */
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

    public void setTags(String value) {
        this.tags = value;
    }
}

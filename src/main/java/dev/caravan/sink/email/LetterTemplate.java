package dev.caravan.sink.email;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.HtmlText;
import dev.caravan.sink.PlainText;
import dev.caravan.sink.RichText;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The parameters of a sink that say what an e-mail is. Built once per route; safe for use by several threads. */
public final class LetterTemplate {
    /** Longer ones are cut: few programs show as much, and a header line may have 998 octets (RFC 5322, 2.1.1). */
    private static final int LONGEST_SUBJECT = 250;

    private final String kamelet;
    private final AddressTemplates from;
    private final @Nullable TextTemplate fromName;
    private final AddressTemplates to;
    private final @Nullable AddressTemplates replyTo;
    private final TextTemplate subject;
    private final @Nullable RichText body;
    private final @Nullable TextTemplate text;

    /**
     * The parameters as the route file has them; null where they are not given.
     *
     * @param text a text without markup, instead of {@code body}
     * @param body as {@link RichText} reads it, for a text and an HTML part
     */
    public record Given(
            String from,
            @Nullable String fromName,
            String to,
            @Nullable String replyTo,
            String subject,
            @Nullable String text,
            @Nullable String body) {}

    /**
     * Reads the parameters.
     *
     * @throws IllegalArgumentException if one is wrong, or not one of text and body is given
     */
    public LetterTemplate(Given given, String kamelet, CamelContext camel) {
        this.kamelet = kamelet;
        if ((given.text() == null) == (given.body() == null)) {
            throw new IllegalArgumentException(kamelet + " needs the parameter text or the parameter body: give one");
        }
        this.from = AddressTemplates.of(given.from(), kamelet, "from", camel);
        this.fromName = given.fromName() == null ? null : TextTemplate.of(given.fromName(), Escaping.HEADER, camel);
        this.to = AddressTemplates.of(given.to(), kamelet, "to", camel);
        this.replyTo = given.replyTo() == null ? null : AddressTemplates.of(given.replyTo(), kamelet, "replyTo", camel);
        this.subject = TextTemplate.of(given.subject(), Escaping.HEADER, camel);
        this.text = given.text() == null ? null : TextTemplate.of(given.text(), Escaping.TEXT, camel);
        this.body = given.body() == null ? null : RichText.of(given.body(), camel);
    }

    /**
     * The letter for this exchange.
     *
     * @throws StepFailure permanent, if an address is none, or nothing is left of the subject or the text
     */
    public Letter render(Exchange exchange) {
        MailAddress sender = from.one(exchange);
        String name = fromName == null ? "" : fromName.render(exchange);
        List<RichText.Block> blocks = body == null ? List.of() : body.render(exchange);
        return new Letter(
                name.isBlank() ? sender : sender.named(name),
                to.render(exchange),
                replyTo(exchange),
                notEmpty(subject(exchange), "subject"),
                text == null ? notEmpty(PlainText.of(blocks), "body") : notEmpty(text.render(exchange), "text"),
                text == null ? html(blocks) : null);
    }

    private @Nullable MailAddress replyTo(Exchange exchange) {
        if (replyTo == null) {
            return null;
        }
        List<MailAddress> given = replyTo.renderAny(exchange);
        return given.isEmpty() ? null : replyTo.only(given);
    }

    private String subject(Exchange exchange) {
        return TextLimit.cut(Escaping.HEADER.escape(subject.renderWords(exchange)), LONGEST_SUBJECT);
    }

    private static String html(List<RichText.Block> blocks) {
        return "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>" + HtmlText.of(blocks)
                + "</body></html>";
    }

    private String notEmpty(String value, String parameter) {
        if (value.isBlank()) {
            throw StepFailure.permanent(
                    kamelet + ": the parameter " + parameter + " is empty for this event: mend the data or the route");
        }
        return value;
    }
}

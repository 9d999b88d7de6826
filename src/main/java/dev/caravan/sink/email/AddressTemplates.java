package dev.caravan.sink.email;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ListTemplates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/**
 * A parameter that names mailboxes, separated by commas of the author's, as {@link ListTemplates} reads it: an entry with
 * <code>${…}</code> is at most one mailbox, or one for each element of a list. Built once per route; safe for use by several
 * threads.
 */
public final class AddressTemplates {
    private final String kamelet;
    private final String parameter;
    private final ListTemplates entries;

    private AddressTemplates(String kamelet, String parameter, ListTemplates entries) {
        this.kamelet = kamelet;
        this.parameter = parameter;
        this.entries = entries;
    }

    /**
     * Reads a parameter.
     *
     * @throws IllegalArgumentException if an entry without <code>${…}</code> is no mailbox: names Kamelet and parameter
     */
    public static AddressTemplates of(String text, String kamelet, String parameter, CamelContext camel) {
        ListTemplates entries = ListTemplates.of(text, Escaping.HEADER, camel);
        for (String entry : entries.fixed()) {
            if (MailAddress.parse(entry).isEmpty()) {
                throw new IllegalArgumentException(kamelet + ": the parameter " + parameter
                        + " holds what is no e-mail address: give name@example.com or Name <name@example.com>");
            }
        }
        return new AddressTemplates(kamelet, parameter, entries);
    }

    /**
     * The mailboxes for this exchange, at least one, none twice.
     *
     * @throws StepFailure permanent, if there is none or a value is no mailbox; the message names the parameter only
     */
    public List<MailAddress> render(Exchange exchange) {
        List<MailAddress> found = renderAny(exchange);
        if (found.isEmpty()) {
            throw failure("names no e-mail address for this event");
        }
        return found;
    }

    /** As {@link #render}, but there may be none. */
    List<MailAddress> renderAny(Exchange exchange) {
        Map<String, MailAddress> found = new LinkedHashMap<>();
        for (String text : entries.render(exchange)) {
            MailAddress address = MailAddress.parse(text)
                    .orElseThrow(() -> failure("holds what is no single e-mail address: mend the data or the route"));
            found.putIfAbsent(address.key(), address);
        }
        return List.copyOf(found.values());
    }

    /**
     * The only mailbox for this exchange.
     *
     * @throws StepFailure as for {@link #render}, and if there are several
     */
    public MailAddress one(Exchange exchange) {
        return only(render(exchange));
    }

    /** @throws StepFailure permanent, if there are several */
    MailAddress only(List<MailAddress> all) {
        if (all.size() > 1) {
            throw failure("names several e-mail addresses, but takes one");
        }
        return all.get(0);
    }

    private StepFailure failure(String what) {
        return StepFailure.permanent(kamelet + ": the parameter " + parameter + " " + what);
    }
}

package dev.caravan.sink.hubspot;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.EmailText;
import dev.caravan.sink.TextTemplate;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * How the record is found.
 *
 * @param property a property with unique values; null for the record's id
 * @param value of the property, or the id
 * @param parameter that holds the value
 */
record HubspotTarget(@Nullable String property, TextTemplate value, String parameter) {
    private static final Pattern ID = Pattern.compile("\\d{1,20}");
    private static final int LONGEST = 255;

    /** The same for one event. */
    record Key(@Nullable String property, String value) {}

    /** @throws StepFailure if the event has no such value */
    Key of(Exchange exchange) {
        String text = value.render(exchange).strip();
        if (property == null && !ID.matcher(text).matches()) {
            throw StepFailure.permanent("The event's record id is no number: check the parameter " + parameter);
        }
        if ("email".equals(property) && !EmailText.isAddress(text)) {
            throw StepFailure.permanent("The event has no e-mail address: check the parameter " + parameter);
        }
        if (text.isEmpty() || text.length() > LONGEST) {
            throw StepFailure.permanent(
                    "The event's unique value is empty or longer than 255 characters: check the parameter "
                            + parameter);
        }
        return new Key(property, text);
    }
}

package dev.caravan.sink.salesforce;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.RichText;
import dev.caravan.sink.TextTemplate;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The task for whoever looks after the contact.
 *
 * @param owner {@value #CONTACT_OWNER}, {@value #ACCOUNT_OWNER} or a user's id
 * @param dueDays days from today (UTC); null for a task without a date
 */
record FollowUp(
        TextTemplate subject,
        @Nullable RichText description,
        TextTemplate owner,
        @Nullable TextTemplate dueDays) {
    static final String CONTACT_OWNER = "contact-owner";
    static final String ACCOUNT_OWNER = "account-owner";

    private static final Pattern USER = Pattern.compile("005[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?");
    private static final Pattern DAYS = Pattern.compile("\\d{1,4}");

    /** Who gets the task; null where Salesforce decides, which takes whom Caravan logs in as. */
    @Nullable String ownerOf(@Nullable Contact contact, Exchange exchange) {
        String text = owner.render(exchange).strip();
        if (text.isEmpty() || text.equals(CONTACT_OWNER)) {
            return contact == null ? null : contact.ownerId();
        }
        if (text.equals(ACCOUNT_OWNER)) {
            return contact == null
                    ? null
                    : contact.accountOwnerId() == null ? contact.ownerId() : contact.accountOwnerId();
        }
        if (!USER.matcher(text).matches()) {
            throw StepFailure.permanent(
                    "The parameter taskOwner is neither contact-owner nor account-owner nor a user's id (005…): mend it in the route file");
        }
        return text;
    }

    /** When it is due, as Salesforce writes dates; null for never. */
    @Nullable String dueDate(LocalDate today, Exchange exchange) {
        String text = dueDays == null ? "" : dueDays.render(exchange).strip();
        if (text.isEmpty()) {
            return null;
        }
        if (!DAYS.matcher(text).matches()) {
            throw StepFailure.permanent("The parameter taskDueDays is no number of days: mend it in the route file");
        }
        return today.plusDays(Integer.parseInt(text)).toString();
    }
}

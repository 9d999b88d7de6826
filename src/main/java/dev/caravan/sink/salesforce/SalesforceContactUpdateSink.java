package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.EmailText;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.RichText;
import dev.caravan.sink.Sinks;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.salesforce.ContactUpdate.Parts;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean of {@code salesforce-contact-update-sink}: finds the contact by e-mail, then one Composite request, all or
 * nothing: fields of the contact and of its account, a note, a follow-up task.
 */
public final class SalesforceContactUpdateSink extends SalesforceSink<ContactUpdate> {
    private static final Logger LOG = LoggerFactory.getLogger(SalesforceContactUpdateSink.class);

    /** Longer ones exist nowhere (RFC 3696, errata 1690). */
    private static final int LONGEST_EMAIL = 254;
    /** One more than one request takes. */
    private static final int MOST_CONTACTS = 26;

    private static final String KEY_FIELD = "Caravan_Id__c";

    private @Nullable String email;
    private @Nullable String whenNone;
    private @Nullable String whenSeveral;
    private @Nullable String fields;
    private @Nullable String accountFields;
    private @Nullable String noteTitle;
    private @Nullable String note;
    private @Nullable String noteKey;
    private @Nullable String noteAs;
    private @Nullable String taskSubject;
    private @Nullable String taskDescription;
    private @Nullable String taskOwner;
    private @Nullable String taskDueDays;
    private @Nullable String externalId;

    public SalesforceContactUpdateSink() {
        super("salesforce-contact-update-sink");
    }

    @Override
    ContactUpdate own(CamelContext camel) {
        TextTemplate address = TextTemplate.of(required(email, "email").strip(), Escaping.PLAIN, camel);
        ContactPolicy policy = ContactPolicy.of(kamelet(), optional(whenNone), optional(whenSeveral));
        FieldTemplates contact = fields(optional(fields), "fields", camel);
        FieldTemplates account = fields(optional(accountFields), "accountFields", camel);
        String key = keyField(externalId, "externalId", KEY_FIELD);
        RichText noteText = richText(note, camel);
        FollowUp followUp = followUp(camel);
        if (contact.isEmpty() && account.isEmpty() && noteText == null && followUp == null) {
            throw new IllegalArgumentException(
                    kamelet() + " has nothing to do: give at least one of fields, accountFields, note and taskSubject");
        }
        return new ContactUpdate(
                address,
                policy,
                contact,
                account,
                line(noteTitle, camel),
                noteText,
                noteAsTask(),
                keyField(noteKey, "noteKey", key),
                followUp,
                key);
    }

    private boolean noteAsTask() {
        String as = optional(noteAs);
        if (as != null && !as.equals("task") && !as.equals("content-note")) {
            throw new IllegalArgumentException(
                    "The parameter noteAs of " + kamelet() + " is " + as + ": give task or content-note");
        }
        return as == null || as.equals("task");
    }

    private String keyField(@Nullable String coded, String parameter, String normal) {
        String field = optional(coded);
        return field == null ? normal : name(field.strip(), parameter);
    }

    private @Nullable FollowUp followUp(CamelContext camel) {
        TextTemplate subject = line(taskSubject, camel);
        TextTemplate owner = line(taskOwner, camel);
        return subject == null
                ? null
                : new FollowUp(
                        subject,
                        richText(taskDescription, camel),
                        owner == null ? TextTemplate.of(FollowUp.CONTACT_OWNER, Escaping.HEADER, camel) : owner,
                        line(taskDueDays, camel));
    }

    private static @Nullable TextTemplate line(@Nullable String coded, CamelContext camel) {
        String text = optional(coded);
        return text == null ? null : TextTemplate.of(text.strip(), Escaping.HEADER, camel);
    }

    private static @Nullable RichText richText(@Nullable String coded, CamelContext camel) {
        String text = optional(coded);
        return text == null ? null : RichText.of(text, camel);
    }

    @Override
    protected void deliver(Started<ContactUpdate> running, Exchange exchange) throws InterruptedException {
        ContactUpdate update = running.own();
        LocalDate today =
                LocalDate.ofInstant(Sinks.of(exchange.getContext()).clock().instant(), ZoneOffset.UTC);
        Parts parts = update.parts(exchange, today);
        if (parts.isEmpty()) {
            LOG.info("{}: nothing to do, since the event has none of the values", kamelet());
            return;
        }
        String address = update.email().render(exchange).strip();
        List<Contact> found = find(running, address);
        ContactComposite composite = new ContactComposite(update, parts, exchange, today, running.apiVersion());
        ObjectNode request = found.isEmpty() ? forNone(update, composite, address) : forSome(update, composite, found);
        if (request != null) {
            running.client().composite(request);
        }
    }

    private static List<Contact> find(Started<ContactUpdate> running, String address) throws InterruptedException {
        if (address.isEmpty() || address.length() > LONGEST_EMAIL) {
            return List.of();
        }
        String soql = "SELECT " + Contact.FIELDS + " FROM Contact WHERE Email = '" + Escaping.SOQL.escape(address)
                + "' ORDER BY CreatedDate DESC LIMIT " + MOST_CONTACTS;
        return running.client().query(soql).stream().map(Contact::of).toList();
    }

    private @Nullable ObjectNode forNone(ContactUpdate update, ContactComposite composite, String address) {
        switch (update.policy().none()) {
            case SKIP -> {
                LOG.info("{}: skipped, since no contact has the event's e-mail address", kamelet());
                return null;
            }
            case CREATE -> {
                if (EmailText.isAddress(address)) {
                    return composite.ofNew(address);
                }
                throw StepFailure.permanent("The event has no e-mail address with which a contact could be created");
            }
            case FAIL ->
                throw StepFailure.permanent(
                        "No contact has the event's e-mail address: add it in Salesforce and replay, or set whenNone");
        }
        throw new IllegalStateException("No such policy");
    }

    private @Nullable ObjectNode forSome(ContactUpdate update, ContactComposite composite, List<Contact> found) {
        if (found.size() == 1) {
            return composite.of(found);
        }
        return switch (update.policy().several()) {
            case NEWEST -> composite.of(found.subList(0, 1));
            case ALL -> composite.of(found);
            case SKIP -> {
                LOG.info("{}: skipped, since several contacts have the event's e-mail address", kamelet());
                yield null;
            }
            case FAIL ->
                throw StepFailure.permanent(
                        "Several contacts have the event's e-mail address: merge them in Salesforce and replay, or set whenSeveral");
        };
    }

    /** By the key of the tasks. Without tasks a repeat is safe: fields get the values that they have; a ContentNote alone comes twice. */
    @Override
    protected Look look(Started<ContactUpdate> running, Exchange exchange, LookRequest request)
            throws InterruptedException {
        ContactUpdate update = running.own();
        if (!update.leavesKey()) {
            return new Look.Absent();
        }
        String like = " LIKE '" + ContactUpdate.key(exchange) + "-%'";
        String other = update.noteKey().equals(update.externalId()) ? "" : " OR " + update.noteKey() + like;
        String soql = "SELECT Id FROM Task WHERE " + update.externalId() + like + other + " LIMIT 1";
        return running.client().query(soql).isEmpty() ? new Look.Absent() : new Look.Found();
    }

    public void setEmail(String value) {
        this.email = value;
    }

    public void setWhenNone(String value) {
        this.whenNone = value;
    }

    public void setWhenSeveral(String value) {
        this.whenSeveral = value;
    }

    public void setFields(String value) {
        this.fields = value;
    }

    public void setAccountFields(String value) {
        this.accountFields = value;
    }

    public void setNoteTitle(String value) {
        this.noteTitle = value;
    }

    public void setNote(String value) {
        this.note = value;
    }

    public void setNoteKey(String value) {
        this.noteKey = value;
    }

    public void setNoteAs(String value) {
        this.noteAs = value;
    }

    public void setTaskSubject(String value) {
        this.taskSubject = value;
    }

    public void setTaskDescription(String value) {
        this.taskDescription = value;
    }

    public void setTaskOwner(String value) {
        this.taskOwner = value;
    }

    public void setTaskDueDays(String value) {
        this.taskDueDays = value;
    }

    public void setExternalId(String value) {
        this.externalId = value;
    }
}

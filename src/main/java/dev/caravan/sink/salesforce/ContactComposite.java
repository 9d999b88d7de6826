package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.HtmlText;
import dev.caravan.sink.salesforce.ContactUpdate.Parts;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The Composite request that updates contacts, all or nothing
 * (developer.salesforce.com, resources_composite_composite_post: at most 25 parts).
 */
final class ContactComposite {
    private static final int MOST_PARTS = 25;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ContactUpdate update;
    private final Parts parts;
    private final Exchange exchange;
    private final LocalDate today;
    private final String base;
    private final Set<String> accounts = new HashSet<>();
    private final ObjectNode request = JSON.createObjectNode().put("allOrNone", true);
    private final ArrayNode requests = request.putArray("compositeRequest");

    ContactComposite(ContactUpdate update, Parts parts, Exchange exchange, LocalDate today, String apiVersion) {
        this.update = update;
        this.parts = parts;
        this.exchange = exchange;
        this.today = today;
        this.base = "/services/data/v" + apiVersion + "/sobjects/";
    }

    /** The request for contacts that are there; null if none of its parts applies to them. */
    @Nullable ObjectNode of(List<Contact> contacts) {
        boolean all = update.policy().several() == ContactPolicy.Several.ALL;
        for (int number = 0; number < contacts.size(); number++) {
            Contact contact = contacts.get(number);
            if (!parts.contact().isEmpty()) {
                add("PATCH", "Contact/" + contact.id(), "contact" + number, said(parts.contact()));
            }
            account(contact, number);
            note(contact.id(), all ? "-" + contact.id() : "", number);
            followUp(contact.id(), contact, all ? "-" + contact.id() : "", number);
        }
        return requests.isEmpty() ? null : complete();
    }

    /** The request that creates the contact. */
    ObjectNode ofNew(String email) {
        add("POST", "Contact", "contact0", said(update.created(parts.contact(), email)));
        note("@{contact0.id}", "", 0);
        followUp("@{contact0.id}", null, "", 0);
        return complete();
    }

    private ObjectNode complete() {
        if (requests.size() > MOST_PARTS) {
            throw StepFailure.permanent("So many contacts have the event's e-mail address that to update all takes "
                    + requests.size() + " requests in one transaction, and Salesforce takes " + MOST_PARTS
                    + ": set whenSeveral to newest");
        }
        return request;
    }

    private void account(Contact contact, int number) {
        String id = contact.accountId();
        if (id != null && !parts.account().isEmpty() && accounts.add(id)) {
            add("PATCH", "Account/" + id, "account" + number, said(parts.account()));
        }
    }

    private void note(String who, String ofContact, int number) {
        if (parts.note().isEmpty()) {
            return;
        }
        if (update.noteAsTask()) {
            String path = "Task/" + update.noteKey() + "/" + ContactUpdate.key(exchange) + "-note" + ofContact;
            add("PATCH", path, "note" + number, said(parts.completedTask(today)).put("WhoId", who));
            return;
        }
        byte[] html = HtmlText.of(parts.note()).getBytes(StandardCharsets.UTF_8);
        ObjectNode note = JSON.createObjectNode()
                .put("Title", said(parts.noteTitle()))
                .put("Content", Base64.getEncoder().encodeToString(html));
        add("POST", "ContentNote", "note" + number, note);
        ObjectNode link = JSON.createObjectNode()
                .put("ContentDocumentId", "@{note" + number + ".id}")
                .put("LinkedEntityId", who)
                .put("ShareType", "V");
        add("POST", "ContentDocumentLink", "link" + number, link);
    }

    private void followUp(String who, @Nullable Contact contact, String ofContact, int number) {
        ObjectNode task = parts.task();
        FollowUp followUp = update.followUp();
        if (task == null || followUp == null) {
            return;
        }
        ObjectNode own = said(task).put("WhoId", who);
        String owner = followUp.ownerOf(contact, exchange);
        if (owner != null) {
            own.put("OwnerId", owner);
        }
        String path = "Task/" + update.externalId() + "/" + ContactUpdate.key(exchange) + "-task" + ofContact;
        add("PATCH", path, "task" + number, own);
    }

    /** A copy in which no text refers to another part. */
    private static ObjectNode said(ObjectNode body) {
        ObjectNode said = body.deepCopy();
        body.properties().forEach(field -> {
            if (field.getValue().isTextual()) {
                said.put(field.getKey(), said(field.getValue().asText()));
            }
        });
        return said;
    }

    /**
     * A text in which {@code @{…}} is no reference, for which Salesforce has no escape: the brace becomes one that looks
     * like it and is as long. Else Salesforce puts another part's value there, or refuses all parts.
     */
    private static String said(String text) {
        return text.replace("@{", "@\uff5b");
    }

    private void add(String method, String path, String reference, ObjectNode body) {
        ObjectNode part = requests.addObject();
        part.put("method", method).put("url", base + path).put("referenceId", reference);
        part.set("body", body);
    }
}

package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.PlainText;
import dev.caravan.sink.RichText;
import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import java.time.LocalDate;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with a contact.
 *
 * @param note null for none
 * @param noteAsTask whether the note is kept as a completed task, which has a key, or as a ContentNote, which has none
 * @param noteKey the field with the note's key
 * @param followUp null for none
 * @param externalId the field with the follow-up's key
 */
record ContactUpdate(
        TextTemplate email,
        ContactPolicy policy,
        FieldTemplates fields,
        FieldTemplates accountFields,
        @Nullable TextTemplate noteTitle,
        @Nullable RichText note,
        boolean noteAsTask,
        String noteKey,
        @Nullable FollowUp followUp,
        String externalId) {
    private static final int SUBJECT = 255;
    private static final int DESCRIPTION = 32_000;
    private static final String UNTITLED = "Note";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What the tasks of a delivery's step have in common: with {@code -note} or {@code -task} and a contact's id, it fits 64 characters. */
    static String key(Exchange exchange) {
        return DeliveryKey.hash(exchange).substring(0, 40);
    }

    /** Whether Salesforce can be asked if it has happened. */
    boolean leavesKey() {
        return followUp != null || (note != null && noteAsTask);
    }

    /** What this event says: its parts, with the texts that it has. */
    Parts parts(Exchange exchange, LocalDate today) {
        ObjectNode contact = JSON.valueToTree(fields.row(exchange));
        ObjectNode account = JSON.valueToTree(accountFields.row(exchange));
        List<Block> blocks = note == null ? List.of() : note.render(exchange);
        return new Parts(contact, account, title(exchange), blocks, task(exchange, today));
    }

    /**
     * What one event says.
     *
     * @param contact the contact's fields, empty for none
     * @param account the account's fields, empty for none
     * @param note empty for none
     * @param task the follow-up without owner and contact; null for none
     */
    record Parts(
            ObjectNode contact,
            ObjectNode account,
            String noteTitle,
            List<Block> note,
            @Nullable ObjectNode task) {
        boolean isEmpty() {
            return contact.isEmpty() && account.isEmpty() && note.isEmpty() && task == null;
        }

        /** The note as a task that is done. */
        ObjectNode completedTask(LocalDate today) {
            return JSON.createObjectNode()
                    .put("Subject", noteTitle)
                    .put("Description", TextLimit.fit(note, DESCRIPTION, PlainText::of))
                    .put("Status", "Completed")
                    .put("Priority", "Normal")
                    .put("ActivityDate", today.toString());
        }
    }

    private String title(Exchange exchange) {
        String title = noteTitle == null ? "" : noteTitle.renderWords(exchange).strip();
        return TextLimit.cut(title.isEmpty() ? UNTITLED : title, SUBJECT);
    }

    private @Nullable ObjectNode task(Exchange exchange, LocalDate today) {
        String subject =
                followUp == null ? "" : followUp.subject().render(exchange).strip();
        if (followUp == null || subject.isEmpty()) {
            return null;
        }
        ObjectNode task = JSON.createObjectNode()
                .put("Subject", TextLimit.cut(subject, SUBJECT))
                .put("Status", "Not Started")
                .put("Priority", "Normal");
        RichText description = followUp.description();
        List<Block> blocks = description == null ? List.of() : description.render(exchange);
        if (!blocks.isEmpty()) {
            task.put("Description", TextLimit.fit(blocks, DESCRIPTION, PlainText::of));
        }
        String due = followUp.dueDate(today, exchange);
        return due == null ? task : task.put("ActivityDate", due);
    }

    /** The fields of a contact that is to be created. */
    ObjectNode created(ObjectNode values, String address) {
        if (values.path("LastName").asText().isBlank()) {
            throw StepFailure.permanent(
                    "No contact has the event's e-mail address, and to create one needs LastName: add it to the parameter fields");
        }
        return values.deepCopy().put("Email", address);
    }
}

package dev.caravan.sink.linear;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.DateTemplate;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ListTemplates;
import dev.caravan.sink.MarkdownText;
import dev.caravan.sink.RichText;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The issue that a step makes of each event. Its id is the {@link DeliveryKey} as a UUID. */
record LinearIssue(
        TextTemplate teamId,
        TextTemplate title,
        @Nullable RichText description,
        TextTemplate priority,
        ListTemplates labelIds,
        TextTemplate assigneeId,
        TextTemplate projectId,
        DateTemplate dueDate) {
    /** Linear states no limits of its own; these are lengths that its web application takes. */
    private static final int LONGEST_TITLE = 255;

    private static final int LONGEST_DESCRIPTION = 100_000;
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** One line of text with placeholders. */
    static TextTemplate line(@Nullable String text, CamelContext camel) {
        return TextTemplate.of(text == null ? "" : text, Escaping.HEADER, camel);
    }

    /**
     * The same for an id.
     *
     * @throws IllegalArgumentException if it is a fixed text and no UUID
     */
    static TextTemplate id(@Nullable String text, String parameter, CamelContext camel) {
        TextTemplate template = line(text, camel);
        String fixed = template.fixed().strip().toLowerCase(Locale.ROOT);
        if (text != null && !template.hasPlaceholders() && !UUID.matcher(fixed).matches()) {
            throw new IllegalArgumentException("linear-issue-sink: the parameter " + parameter
                    + " is no UUID: copy it with Linear's command \"Copy model UUID\"");
        }
        return template;
    }

    /**
     * The {@code IssueCreateInput}.
     *
     * @throws StepFailure permanent, if it cannot be made
     */
    ObjectNode compose(Exchange exchange) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("id", DeliveryKey.uuid(exchange));
        String team = rendered(teamId, "teamId", exchange);
        if (team.isEmpty()) {
            throw StepFailure.permanent("linear-issue-sink: the parameter teamId is empty for this event");
        }
        input.put("teamId", team);
        input.put("title", titleOf(exchange));
        List<RichText.Block> text = description == null ? List.of() : description.render(exchange);
        if (!text.isEmpty()) {
            input.put("description", TextLimit.fit(text, LONGEST_DESCRIPTION, MarkdownText::of));
        }
        String urgency = priority.render(exchange).strip();
        if (!urgency.isEmpty()) {
            input.put("priority", priorityOf(urgency));
        }
        labelIds.render(exchange).stream()
                .map(label -> checked(label, "labelIds"))
                .distinct()
                .forEach(label -> input.withArray("labelIds").add(label));
        put(input, "assigneeId", assigneeId, exchange);
        put(input, "projectId", projectId, exchange);
        dueDate.render(exchange).ifPresent(day -> input.put("dueDate", day.toString()));
        return input;
    }

    private String titleOf(Exchange exchange) {
        String line = Escaping.HEADER.escape(title.renderWords(exchange));
        if (line.isEmpty()) {
            throw StepFailure.permanent("linear-issue-sink: the title is empty for this event");
        }
        return TextLimit.cut(line, LONGEST_TITLE);
    }

    /** 0 none, 1 urgent, 2 high, 3 medium, 4 low, as {@code IssueCreateInput} has it. */
    private static int priorityOf(String text) {
        if (!text.matches("[0-4](\\.0+)?")) {
            throw StepFailure.permanent(
                    "linear-issue-sink: the parameter priority is none of 0, 1, 2, 3 and 4 for this event");
        }
        return text.charAt(0) - '0';
    }

    private static void put(ObjectNode input, String name, TextTemplate template, Exchange exchange) {
        String value = rendered(template, name, exchange);
        if (!value.isEmpty()) {
            input.put(name, value);
        }
    }

    private static String rendered(TextTemplate template, String name, Exchange exchange) {
        String value = template.render(exchange).strip();
        return value.isEmpty() ? value : checked(value, name);
    }

    private static String checked(String value, String name) {
        String id = value.toLowerCase(Locale.ROOT);
        if (!UUID.matcher(id).matches()) {
            throw StepFailure.permanent("linear-issue-sink: the parameter " + name + " is no UUID for this event");
        }
        return id;
    }
}

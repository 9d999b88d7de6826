package dev.caravan.sink.jira;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.DateTemplate;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ListTemplates;
import dev.caravan.sink.RichText;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The issue that a step makes of each event. It has a label of its own, {@code caravan-} and 32 hexadecimal digits of the
 * {@link DeliveryKey}, by which it can be found again.
 */
record JiraIssue(
        TextTemplate project,
        TextTemplate issueType,
        TextTemplate summary,
        @Nullable RichText description,
        TextTemplate priority,
        ListTemplates labels,
        TextTemplate assignee,
        DateTemplate dueDate,
        JiraFields fields) {
    /** What Jira says: "Summary can't exceed 255 characters." Labels have the same limit. */
    private static final int LONGEST = 255;

    private static final int HASH = 32;
    private static final Pattern PROJECT = Pattern.compile("[A-Za-z][A-Za-z0-9_]*|\\d+");
    private static final Pattern ID = Pattern.compile("\\d+");
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\ufeff]+");

    /** One line of text with placeholders. */
    static TextTemplate line(@Nullable String text, CamelContext camel) {
        return TextTemplate.of(text == null ? "" : text, Escaping.HEADER, camel);
    }

    static String label(Exchange exchange) {
        return "caravan-" + DeliveryKey.hash(exchange).substring(0, HASH);
    }

    /**
     * The project's key or id, of letters, digits and underscores.
     *
     * @throws StepFailure permanent, if it is neither
     */
    String projectOf(Exchange exchange) {
        String name = project.render(exchange).strip();
        if (!PROJECT.matcher(name).matches()) {
            throw StepFailure.permanent(
                    "jira-issue-sink: the parameter project is no project's key or id for this event");
        }
        return name;
    }

    /**
     * The body of the request that makes it.
     *
     * @throws StepFailure permanent, if it cannot be made
     */
    ObjectNode compose(Exchange exchange, JiraApi api) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode issue = body.putObject("fields");
        issue.set("project", named("key", projectOf(exchange)));
        String type = issueType.render(exchange).strip();
        issue.set("issuetype", named("name", type.isEmpty() ? "Task" : type));
        issue.put("summary", summaryOf(exchange));
        List<RichText.Block> text = description == null ? List.of() : description.render(exchange);
        if (!text.isEmpty()) {
            issue.set("description", api.richText(text));
        }
        labelsOf(exchange).forEach(issue.withArray("labels")::add);
        String urgency = priority.render(exchange).strip();
        if (!urgency.isEmpty()) {
            issue.set("priority", named("name", urgency));
        }
        String user = assignee.render(exchange).strip();
        if (!user.isEmpty()) {
            issue.set("assignee", api.user(userOf(user, api)));
        }
        dueDate.render(exchange).ifPresent(day -> issue.put("duedate", day.toString()));
        fields.addTo(issue, api, exchange);
        return body;
    }

    /** Jira refuses a line break in it. */
    private String summaryOf(Exchange exchange) {
        String line = Escaping.HEADER.escape(summary.renderWords(exchange));
        if (line.isEmpty()) {
            throw StepFailure.permanent("jira-issue-sink: the summary is empty for this event");
        }
        return TextLimit.cut(line, LONGEST);
    }

    private Set<String> labelsOf(Exchange exchange) {
        Set<String> all = new LinkedHashSet<>();
        for (String label : labels.render(exchange)) {
            all.add(TextLimit.cut(SPACE.matcher(label.strip()).replaceAll("-"), LONGEST));
        }
        all.add(label(exchange));
        return all;
    }

    private static String userOf(String user, JiraApi api) {
        if (api == JiraApi.CLOUD && user.contains("@")) {
            throw StepFailure.permanent(
                    "jira-issue-sink: the assignee is an e-mail address: Jira Cloud takes an account id");
        }
        return user;
    }

    /** Digits alone are an id. */
    private static ObjectNode named(String key, String value) {
        return JsonNodeFactory.instance.objectNode().put(ID.matcher(value).matches() ? "id" : key, value);
    }
}

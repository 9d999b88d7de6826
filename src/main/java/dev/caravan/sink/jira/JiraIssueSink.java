package dev.caravan.sink.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.DateTemplate;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ListTemplates;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.RichText;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.Sinks;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.atlassian.AtlassianRules;
import dev.caravan.sink.atlassian.AtlassianSite;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code jira-issue-sink}: makes one issue and sets a variable to a map with its {@code key}, {@code id} and
 * {@code url}. Jira has no idempotency key, so the issue has a label of its own, which is searched before an unsure retry.
 */
public final class JiraIssueSink extends SinkBean<JiraIssueSink.Wanted, JiraIssueSink.Started> {
    static final String KAMELET = "jira-issue-sink";

    /**
     * How long after a doubt the search is asked. Its index follows the issues with a delay of seconds, of which Atlassian
     * promises no bound: "Recent updates might not be immediately visible" (operation {@code POST /rest/api/3/search/jql}).
     */
    static final Duration INDEXED_AFTER = Duration.ofSeconds(30);

    private @Nullable String baseUrl;
    private @Nullable String email;
    private @Nullable String token;
    private @Nullable String api;
    private @Nullable String project;
    private @Nullable String issueType;
    private @Nullable String summary;
    private @Nullable String description;
    private @Nullable String priority;
    private @Nullable String labels;
    private @Nullable String assignee;
    private @Nullable String dueDate;
    private @Nullable String fields;
    private @Nullable String issueKeyVariable;

    /** What the step says. */
    record Wanted(AtlassianSite site, JiraApi api, JiraIssue issue, String variable) {}

    /** What it holds while it runs. */
    record Started(Wanted wanted, VendorApi jira, Clock clock) implements AutoCloseable {
        VendorAnswer post(String path, JsonNode body) {
            AtlassianSite site = wanted.site();
            return jira.call(site.signed(VendorRequest.json("POST", site.at(path), body)));
        }

        @Override
        public void close() {
            jira.close();
        }
    }

    public JiraIssueSink() {
        super(KAMELET);
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setEmail(String value) {
        this.email = value;
    }

    public void setToken(String value) {
        this.token = value;
    }

    public void setApi(String value) {
        this.api = value;
    }

    public void setProject(String value) {
        this.project = value;
    }

    public void setIssueType(String value) {
        this.issueType = value;
    }

    public void setSummary(String value) {
        this.summary = value;
    }

    public void setDescription(String value) {
        this.description = value;
    }

    public void setPriority(String value) {
        this.priority = value;
    }

    public void setLabels(String value) {
        this.labels = value;
    }

    public void setAssignee(String value) {
        this.assignee = value;
    }

    public void setDueDate(String value) {
        this.dueDate = value;
    }

    public void setFields(String value) {
        this.fields = value;
    }

    public void setIssueKeyVariable(String value) {
        this.issueKeyVariable = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        AtlassianSite site =
                AtlassianSite.of(required(baseUrl, "baseUrl"), optional(email), required(token, "token"), KAMELET);
        String text = optional(description);
        JiraIssue issue = new JiraIssue(
                JiraIssue.line(required(project, "project"), camel),
                JiraIssue.line(optional(issueType), camel),
                JiraIssue.line(required(summary, "summary"), camel),
                text == null ? null : RichText.of(text, camel),
                JiraIssue.line(optional(priority), camel),
                ListTemplates.of(optional(labels), Escaping.HEADER, camel),
                JiraIssue.line(optional(assignee), camel),
                DateTemplate.of(optional(dueDate), KAMELET, "dueDate", camel),
                JiraFields.of(optional(fields), camel));
        String variable = optional(issueKeyVariable);
        return new Wanted(site, JiraApi.of(optional(api)), issue, variable == null ? "jiraIssue" : variable.strip());
    }

    @Override
    protected Started open(Wanted wanted, CamelContext camel) throws Exception {
        VendorApi jira = VendorApi.open(camel, "Jira", new AtlassianRules("Jira"));
        return new Started(wanted, jira, Sinks.of(camel).clock());
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.wanted().site().account(KAMELET));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        JiraApi kind = running.wanted().api();
        VendorAnswer answer = running.post(kind.issues, running.wanted().issue().compose(exchange, kind));
        if (answer.json().path("key").asText().isEmpty()) {
            throw StepFailure.ofBody(
                    StepFailure.Kind.UNSURE,
                    "Jira answered " + answer.status() + " without the issue's key",
                    answer.status(),
                    null,
                    answer.text());
        }
        tell(running, exchange, answer.json());
    }

    @Override
    protected boolean canLook() {
        return true;
    }

    @Override
    protected Look look(Started running, Exchange exchange, LookRequest request) {
        Duration passed = Duration.between(request.doubtSince(), running.clock().instant());
        if (passed.compareTo(INDEXED_AFTER) < 0) {
            return new Look.TooEarly(INDEXED_AFTER.minus(passed));
        }
        Wanted wanted = running.wanted();
        ObjectNode search = JsonNodeFactory.instance.objectNode();
        search.put(
                "jql",
                "project = \"" + wanted.issue().projectOf(exchange) + "\" AND labels = \"" + JiraIssue.label(exchange)
                        + "\"");
        search.putArray("fields").add("key");
        search.put("maxResults", 1);
        JsonNode issues = running.post(wanted.api().search, search).json().path("issues");
        if (!issues.isArray()) {
            throw StepFailure.passing("Jira answered a search without issues", null);
        }
        if (issues.isEmpty()) {
            return new Look.Absent();
        }
        tell(running, exchange, issues.get(0));
        return new Look.Found();
    }

    /** Sets the variable for the steps that follow. */
    private static void tell(Started running, Exchange exchange, JsonNode issue) {
        String key = issue.path("key").asText();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("key", key);
        told.put("id", issue.path("id").asText());
        told.put("url", running.wanted().site().at("/browse/" + key));
        exchange.setVariable(running.wanted().variable(), told);
    }
}

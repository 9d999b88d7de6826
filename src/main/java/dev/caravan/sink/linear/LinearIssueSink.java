package dev.caravan.sink.linear;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.DateTemplate;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ListTemplates;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.Rate;
import dev.caravan.sink.RichText;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.Sinks;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code linear-issue-sink}: makes one issue under an id of the delivery's, which Linear takes once, and sets a
 * variable to a map with its {@code key}, {@code id} and {@code url}.
 */
public final class LinearIssueSink extends SinkBean<LinearIssueSink.Wanted, LinearIssueSink.Started> {
    private static final String KAMELET = "linear-issue-sink";
    private static final String OWN = "https://api.linear.app";

    /** Of one key; the lower of the numbers that Linear has stated: https://linear.app/developers/rate-limiting. */
    private static final Rate STATED = new Rate(1_500, Duration.ofHours(1));

    private static final String CREATE =
            "mutation($input: IssueCreateInput!){issueCreate(input: $input){success issue{id identifier url}}}";
    private static final String FIND = "query($id: String!){issue(id: $id){id identifier url}}";

    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String teamId;
    private @Nullable String title;
    private @Nullable String description;
    private @Nullable String priority;
    private @Nullable String labelIds;
    private @Nullable String assigneeId;
    private @Nullable String projectId;
    private @Nullable String dueDate;
    private @Nullable String issueKeyVariable;

    /** What the step says. */
    record Wanted(VendorAddress address, String authorization, LinearIssue issue, String variable) {
        /** Without the key. */
        @Override
        public String toString() {
            return "Wanted[" + address.url() + "]";
        }
    }

    /** What it holds while it runs. */
    record Started(Wanted wanted, VendorApi linear, Clock clock) implements AutoCloseable {
        VendorAnswer ask(String document, String variable, JsonNode value) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("query", document);
            body.putObject("variables").set(variable, value);
            return linear.send(VendorRequest.json("POST", wanted.address().at("/graphql"), body)
                    .with("Authorization", wanted.authorization()));
        }

        void check(VendorAnswer answer) {
            Optional<StepFailure> failure = new LinearRules().failure(answer, clock);
            if (failure.isPresent()) {
                throw failure.get();
            }
        }

        @Override
        public void close() {
            linear.close();
        }
    }

    public LinearIssueSink() {
        super(KAMELET);
    }

    public void setApiKey(String value) {
        this.apiKey = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setTeamId(String value) {
        this.teamId = value;
    }

    public void setTitle(String value) {
        this.title = value;
    }

    public void setDescription(String value) {
        this.description = value;
    }

    public void setPriority(String value) {
        this.priority = value;
    }

    public void setLabelIds(String value) {
        this.labelIds = value;
    }

    public void setAssigneeId(String value) {
        this.assigneeId = value;
    }

    public void setProjectId(String value) {
        this.projectId = value;
    }

    public void setDueDate(String value) {
        this.dueDate = value;
    }

    public void setIssueKeyVariable(String value) {
        this.issueKeyVariable = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        VendorAddress address = VendorAddress.of(optional(baseUrl), OWN);
        String text = optional(description);
        LinearIssue issue = new LinearIssue(
                LinearIssue.id(required(teamId, "teamId"), "teamId", camel),
                LinearIssue.line(required(title, "title"), camel),
                text == null ? null : RichText.of(text, camel),
                LinearIssue.line(optional(priority), camel),
                ListTemplates.of(optional(labelIds), Escaping.HEADER, camel),
                LinearIssue.id(optional(assigneeId), "assigneeId", camel),
                LinearIssue.id(optional(projectId), "projectId", camel),
                DateTemplate.of(optional(dueDate), KAMELET, "dueDate", camel));
        String variable = optional(issueKeyVariable);
        return new Wanted(
                address,
                authorization(required(apiKey, "apiKey").strip()),
                issue,
                variable == null ? "linearIssue" : variable.strip());
    }

    /** A personal API key stands alone, an OAuth access token after Bearer. */
    private static String authorization(String key) {
        return key.startsWith("lin_oauth_") ? "Bearer " + key : key;
    }

    @Override
    protected Started open(Wanted wanted, CamelContext camel) throws Exception {
        return new Started(
                wanted,
                VendorApi.open(camel, "Linear", new LinearRules()),
                Sinks.of(camel).clock());
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        Wanted wanted = running.wanted();
        return Optional.of(
                wanted.address().account(KAMELET, wanted.authorization(), Optional.of(STATED), "linear.app", 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        VendorAnswer answer =
                running.ask(CREATE, "input", running.wanted().issue().compose(exchange));
        boolean input = LinearRules.refusal(answer)
                .filter(LinearRules.Refusal.INPUT::equals)
                .isPresent();
        if (input && found(running, exchange)) {
            return;
        }
        running.check(answer);
        JsonNode made = answer.json().path("data").path("issueCreate");
        if (!made.path("success").asBoolean()) {
            boolean told = made.path("success").isBoolean();
            throw StepFailure.ofBody(
                    told ? StepFailure.Kind.PERMANENT : StepFailure.Kind.UNSURE,
                    told ? "Linear did not make the issue" : "Linear did not tell whether it made the issue",
                    answer.status(),
                    null,
                    answer.text());
        }
        tell(running, exchange, made.path("issue"));
    }

    @Override
    protected boolean canLook() {
        return true;
    }

    @Override
    protected Look look(Started running, Exchange exchange, LookRequest request) {
        return found(running, exchange) ? new Look.Found() : new Look.Absent();
    }

    /** Whether the delivery's issue is there. An id that Linear does not know is an error of the input to it. */
    private static boolean found(Started running, Exchange exchange) {
        String id = DeliveryKey.uuid(exchange);
        VendorAnswer answer = running.ask(FIND, "id", JsonNodeFactory.instance.textNode(id));
        if (LinearRules.refusal(answer)
                .filter(LinearRules.Refusal.INPUT::equals)
                .isPresent()) {
            return false;
        }
        running.check(answer);
        JsonNode issue = answer.json().path("data").path("issue");
        if (issue.isMissingNode()) {
            throw StepFailure.passing("Linear did not tell whether it has the issue", null);
        }
        if (!id.equals(issue.path("id").asText())) {
            return false;
        }
        tell(running, exchange, issue);
        return true;
    }

    /** Sets the variable for the steps that follow. */
    private static void tell(Started running, Exchange exchange, JsonNode issue) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("key", issue.path("identifier").asText());
        told.put("id", issue.path("id").asText());
        told.put("url", issue.path("url").asText());
        exchange.setVariable(running.wanted().variable(), told);
    }
}

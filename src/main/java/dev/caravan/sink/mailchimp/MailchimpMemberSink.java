package dev.caravan.sink.mailchimp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ListTemplates;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.email.AddressTemplates;
import dev.caravan.sink.email.ServiceAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code mailchimp-member-sink}: adds or updates a member of an audience by its e-mail address, then adds tags,
 * then tells of an event that may start a journey (mailchimp.com/developer/marketing/api/list-members, list-member-tags,
 * list-member-events).
 *
 * <p>Member and tags may be sent any number of times, so an unsure answer to them passes. An event counts each time; it
 * comes last, so that no failure of the others repeats it.
 */
public final class MailchimpMemberSink extends SinkBean<MailchimpMemberSink.Parameters, MailchimpMemberSink.Started> {
    private static final String HOST = "api.mailchimp.com";
    private static final Pattern DATA_CENTER = Pattern.compile(".*-([a-z]{2,4}\\d{1,4})");
    private static final Pattern LIST_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Set<String> STATUSES = Set.of("subscribed", "pending", "transactional");
    private static final int LONGEST_TAG = 100;
    private static final int MOST_TAGS = 100;
    private static final int SHORTEST_EVENT = 2;
    private static final int LONGEST_EVENT = 30;

    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String listId;
    private @Nullable String email;
    private @Nullable String statusIfNew;
    private @Nullable String mergeFields;
    private @Nullable String tags;
    private @Nullable String journeyEvent;

    /** What the step says; {@code members} is the URL that a member's hash follows. */
    record Parameters(
            String apiKey,
            String members,
            AddressTemplates email,
            String statusIfNew,
            MergeFields mergeFields,
            ListTemplates tags,
            @Nullable TextTemplate event) {
        /** Without the key. */
        @Override
        public String toString() {
            return "Parameters[…]";
        }
    }

    /** What it holds while it runs. */
    record Started(Parameters parameters, VendorApi api, MailchimpConnections connections, Account budget)
            implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public MailchimpMemberSink() {
        super("mailchimp-member-sink");
    }

    @Override
    protected Parameters read(CamelContext camel) {
        String key = required(apiKey, "apiKey").strip();
        String list = required(listId, "listId").strip();
        if (!LIST_ID.matcher(list).matches()) {
            throw new IllegalArgumentException(
                    "mailchimp-member-sink: the parameter listId is no audience's id: give letters and digits");
        }
        String event = optional(journeyEvent);
        return new Parameters(
                key,
                ServiceAddress.of(address(key), "", camel) + "/3.0/lists/" + list + "/members/",
                AddressTemplates.of(required(email, "email"), kamelet(), "email", camel),
                status(),
                MergeFields.of(optional(mergeFields), kamelet(), camel),
                ListTemplates.of(optional(tags), Escaping.HEADER, camel),
                event == null ? null : TextTemplate.of(event.strip(), Escaping.HEADER, camel));
    }

    private String address(String key) {
        String given = optional(baseUrl);
        if (given != null) {
            return given;
        }
        Matcher dataCenter = DATA_CENTER.matcher(key);
        if (!dataCenter.matches()) {
            throw new IllegalArgumentException(
                    "mailchimp-member-sink: the parameter apiKey does not end in a data center such as -us21: give the"
                            + " whole key, or baseUrl");
        }
        return "https://" + dataCenter.group(1) + "." + HOST;
    }

    private String status() {
        String given = optional(statusIfNew);
        String status = given == null ? "subscribed" : given.strip().toLowerCase(Locale.ROOT);
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("mailchimp-member-sink: the parameter statusIfNew is " + given
                    + ": give subscribed, pending or transactional");
        }
        return status;
    }

    @Override
    protected Started open(Parameters read, CamelContext camel) throws Exception {
        return new Started(
                read,
                VendorApi.open(camel, "Mailchimp", new MailchimpAnswers()),
                MailchimpConnections.of(camel),
                Account.of(kamelet(), read.apiKey(), Optional.empty(), HOST, read.members(), 3));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) throws InterruptedException {
        Parameters parameters = running.parameters();
        String address = parameters.email().one(exchange).address();
        String member = parameters.members() + MemberBodies.hash(address);
        JsonNode profile = MemberBodies.profile(
                address, parameters.statusIfNew(), parameters.mergeFields().render(exchange));
        List<String> names = parameters.tags().render(exchange, LONGEST_TAG, MOST_TAGS);
        String event = eventName(parameters, exchange);
        MailchimpConnections.Place place =
                running.connections().take(running.budget().id());
        try {
            repeatable(running, "PUT", member + "?skip_merge_validation=true", profile);
            if (!names.isEmpty()) {
                repeatable(running, "POST", member + "/tags", MemberBodies.tags(names));
            }
            if (!event.isEmpty()) {
                call(running, "POST", member + "/events", MemberBodies.event(event, DeliveryKey.hash(exchange)));
            }
        } finally {
            place.giveBack();
        }
    }

    private static String eventName(Parameters parameters, Exchange exchange) {
        TextTemplate template = parameters.event();
        String name = template == null ? "" : template.render(exchange).strip();
        if (!name.isEmpty() && (name.length() < SHORTEST_EVENT || name.length() > LONGEST_EVENT)) {
            throw StepFailure.permanent("mailchimp-member-sink: the parameter journeyEvent has " + name.length()
                    + " characters for this event: give 2 to 30");
        }
        return name;
    }

    private static void call(Started running, String method, String url, JsonNode body) {
        running.api()
                .call(VendorRequest.json(method, url, body)
                        .basic("caravan", running.parameters().apiKey()));
    }

    private static void repeatable(Started running, String method, String url, JsonNode body) {
        try {
            call(running, method, url, body);
        } catch (StepFailure failure) {
            throw failure.kind() == Kind.UNSURE
                    ? StepFailure.ofBody(
                            Kind.PASSING,
                            String.valueOf(failure.getMessage()),
                            failure.httpStatus(),
                            failure.retryAfter().orElse(null),
                            failure.responseExcerpt().orElse(null))
                    : failure;
        }
    }

    /** Mailchimp states no rate, but a number of connections ({@link MailchimpConnections}). */
    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    public void setApiKey(String value) {
        this.apiKey = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setListId(String value) {
        this.listId = value;
    }

    public void setEmail(String value) {
        this.email = value;
    }

    public void setStatusIfNew(String value) {
        this.statusIfNew = value;
    }

    public void setMergeFields(String value) {
        this.mergeFields = value;
    }

    public void setTags(String value) {
        this.tags = value;
    }

    public void setJourneyEvent(String value) {
        this.journeyEvent = value;
    }
}

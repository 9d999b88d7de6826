package dev.caravan.sink.koji;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code koji-start-interview-action}: starts an interview for a participant and sets a variable to a map of
 * its {@code link}, its {@code id} where there is one, and the whole {@code answer}. The body stays the event.
 *
 * <p>How Koji is asked for one is not documented: path, body and where the answer has the link are parameters. What is
 * sent by itself is {@code {"study_id", "participant": {"email", "name"}, "metadata": {…}}}, the names of its webhooks.
 */
public final class KojiStartInterviewAction
        extends SinkBean<KojiStartInterviewAction.Wanted, KojiStartInterviewAction.Started> {
    private static final String KAMELET = "koji-start-interview-action";

    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String keyHeader;
    private @Nullable String path;
    private @Nullable String studyId;
    private @Nullable String email;
    private @Nullable String name;
    private @Nullable String context;
    private @Nullable String linkPointer;
    private @Nullable String idPointer;
    private @Nullable String variable;

    /** What is asked for. */
    record Invitation(
            TextTemplate study,
            @Nullable TextTemplate email,
            @Nullable TextTemplate name,
            FieldTemplates context) {}

    /** What the step says. */
    record Wanted(
            KojiApi koji, String path, Invitation invitation, JsonPointer link, JsonPointer id, String variable) {}

    /** What it holds while it runs. */
    record Started(Wanted wanted, VendorApi api) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public KojiStartInterviewAction() {
        super(KAMELET);
    }

    public void setApiKey(String value) {
        this.apiKey = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setKeyHeader(String value) {
        this.keyHeader = value;
    }

    public void setPath(String value) {
        this.path = value;
    }

    public void setStudyId(String value) {
        this.studyId = value;
    }

    public void setEmail(String value) {
        this.email = value;
    }

    public void setName(String value) {
        this.name = value;
    }

    public void setContext(String value) {
        this.context = value;
    }

    public void setLinkPointer(String value) {
        this.linkPointer = value;
    }

    public void setIdPointer(String value) {
        this.idPointer = value;
    }

    public void setVariable(String value) {
        this.variable = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        String given = optional(variable);
        return new Wanted(
                KojiApi.of(optional(baseUrl), required(apiKey, "apiKey"), optional(keyHeader)),
                path(),
                invitation(camel),
                KojiPointers.of(optional(linkPointer), "/interview_url", "linkPointer"),
                KojiPointers.of(optional(idPointer), "/interview_id", "idPointer"),
                given == null ? "session" : given.strip());
    }

    private String path() {
        String given = optional(path);
        String text = given == null ? "/api/v1/interviews" : given.strip();
        if (!text.matches("/[A-Za-z0-9/_.~-]*")) {
            throw new IllegalArgumentException(
                    "The parameter path is " + text + ": give a path such as /api/v1/interviews");
        }
        return text;
    }

    private Invitation invitation(CamelContext camel) {
        return new Invitation(
                TextTemplate.of(required(studyId, "studyId").strip(), Escaping.TEXT, camel),
                template(email, camel),
                template(name, camel),
                FieldTemplates.of(optional(context), KAMELET, "context", camel));
    }

    private static @Nullable TextTemplate template(@Nullable String coded, CamelContext camel) {
        String text = optional(coded);
        return text == null ? null : TextTemplate.of(text.strip(), Escaping.TEXT, camel);
    }

    @Override
    protected Started open(Wanted wanted, CamelContext camel) throws Exception {
        return new Started(wanted, VendorApi.open(camel, KojiApi.VENDOR, VendorRules.byStatus(KojiApi.VENDOR)));
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        KojiApi koji = running.wanted().koji();
        return Optional.of(koji.address().account(kamelet(), koji.key(), Optional.empty(), "koji.so", 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Wanted wanted = running.wanted();
        VendorRequest request = wanted.koji()
                .signed(VendorRequest.json(
                        "POST", wanted.koji().address().at(wanted.path()), body(wanted.invitation(), exchange)))
                .with("Idempotency-Key", DeliveryKey.hash(exchange));
        JsonNode answer = KojiApi.object(running.api().call(request), StepFailure.Kind.PERMANENT);
        exchange.setVariable(wanted.variable(), session(wanted, answer));
    }

    private static ObjectNode body(Invitation invitation, Exchange exchange) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        String study = invitation.study().render(exchange);
        if (study.isBlank()) {
            throw StepFailure.permanent("The parameter studyId is empty for this event: mend it");
        }
        body.put("study_id", study);
        ObjectNode participant = JsonNodeFactory.instance.objectNode();
        put(participant, "email", invitation.email(), exchange);
        put(participant, "name", invitation.name(), exchange);
        if (!participant.isEmpty()) {
            body.set("participant", participant);
        }
        Map<String, Object> context = invitation.context().row(exchange);
        if (!context.isEmpty()) {
            ObjectNode metadata = body.putObject("metadata");
            context.forEach(metadata::putPOJO);
        }
        return body;
    }

    private static void put(ObjectNode node, String field, @Nullable TextTemplate template, Exchange exchange) {
        String text = template == null ? "" : template.render(exchange).strip();
        if (!text.isEmpty()) {
            node.put(field, text);
        }
    }

    /** An interview that was started but has no link is of no use, and starting another would not find it either. */
    private static Map<String, Object> session(Wanted wanted, JsonNode answer) {
        String link = answer.at(wanted.link()).asText();
        if (link.isBlank()) {
            throw StepFailure.permanent("Koji's answer has no link at " + wanted.link()
                    + ": the interview may have been started; mend the parameter linkPointer");
        }
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("link", link);
        String id = answer.at(wanted.id()).asText();
        if (!id.isBlank()) {
            session.put("id", id);
        }
        session.put("answer", KojiApi.plain(answer));
        return session;
    }
}

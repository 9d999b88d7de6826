package dev.caravan.sink.koji;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.settings.Units;
import dev.caravan.sink.Account;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code koji-interview-action}: reads an interview by {@code GET /api/v1/interviews/{id}} into a variable; the
 * body stays the event. Reading changes nothing, so a failure is permanent or passes and is never unsure.
 */
public final class KojiInterviewAction extends SinkBean<KojiInterviewAction.Wanted, KojiInterviewAction.Started> {
    private static final String KAMELET = "koji-interview-action";
    private static final Set<String> FINISHED = Set.of("completed", "ready");

    private @Nullable String apiKey;
    private @Nullable String baseUrl;
    private @Nullable String keyHeader;
    private @Nullable String interviewId;
    private @Nullable String variable;
    private @Nullable String analysis;
    private @Nullable String analysisWait;
    private @Nullable String statusPointer;

    /**
     * What the step says.
     *
     * @param status where the analysis's state is in the answer; null where any will do
     * @param pause between two looks at an analysis that is not finished; null for the route's own schedule
     */
    record Wanted(
            KojiApi koji,
            TextTemplate interview,
            String variable,
            @Nullable JsonPointer status,
            @Nullable Duration pause) {}

    /** What it holds while it runs. */
    record Started(Wanted wanted, VendorApi api) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public KojiInterviewAction() {
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

    public void setInterviewId(String value) {
        this.interviewId = value;
    }

    public void setVariable(String value) {
        this.variable = value;
    }

    public void setAnalysis(String value) {
        this.analysis = value;
    }

    public void setAnalysisWait(String value) {
        this.analysisWait = value;
    }

    public void setStatusPointer(String value) {
        this.statusPointer = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        KojiApi koji = KojiApi.of(optional(baseUrl), required(apiKey, "apiKey"), optional(keyHeader));
        TextTemplate id = TextTemplate.of(required(interviewId, "interviewId").strip(), Escaping.TEXT, camel);
        String name = optional(variable);
        JsonPointer pointer = KojiPointers.of(optional(statusPointer), "/analysis_status", "statusPointer");
        return new Wanted(
                koji, id, name == null ? "interview" : name.strip(), isRequired() ? pointer : null, waitBetween());
    }

    private boolean isRequired() {
        String text = optional(analysis);
        return switch (text == null ? "any" : text.strip().toLowerCase(Locale.ROOT)) {
            case "any" -> false;
            case "required" -> true;
            default ->
                throw new IllegalArgumentException(
                        "The parameter analysis is " + text + ": give it as any or required");
        };
    }

    private @Nullable Duration waitBetween() {
        String text = optional(analysisWait);
        return text == null
                ? null
                : Units.duration(text.strip())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "The parameter analysisWait is " + text + ": give a duration such as 5m"));
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
    protected boolean onlyReads() {
        return true;
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Wanted wanted = running.wanted();
        String id = VendorAddress.segment(wanted.interview().render(exchange), "interviewId");
        JsonNode interview = fetched(running, wanted.koji().address().at("/api/v1/interviews/" + id));
        JsonPointer status = wanted.status();
        if (status != null && !isFinished(interview.at(status))) {
            throw StepFailure.ofBody(
                    StepFailure.Kind.PASSING,
                    "The analysis of the interview is not finished yet (at " + status + " of Koji's answer)",
                    200,
                    wanted.pause(),
                    null);
        }
        exchange.setVariable(wanted.variable(), KojiApi.plain(interview));
    }

    private static JsonNode fetched(Started running, String url) {
        try {
            VendorRequest request = running.wanted().koji().signed(VendorRequest.get(url));
            return KojiApi.object(running.api().call(request), StepFailure.Kind.PERMANENT);
        } catch (StepFailure failure) {
            throw failure.kind() == StepFailure.Kind.UNSURE ? passing(failure) : failure;
        }
    }

    private static StepFailure passing(StepFailure unsure) {
        String message = String.valueOf(unsure.getMessage());
        return unsure.httpStatus() == 0
                ? StepFailure.passing(message, unsure.getCause())
                : StepFailure.ofBody(
                        StepFailure.Kind.PASSING,
                        message,
                        unsure.httpStatus(),
                        unsure.retryAfter().orElse(null),
                        unsure.responseExcerpt().orElse(null));
    }

    private static boolean isFinished(JsonNode status) {
        return FINISHED.contains(status.asText().strip().toLowerCase(Locale.ROOT));
    }
}

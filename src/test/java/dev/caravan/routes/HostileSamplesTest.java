package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Settlement;
import dev.caravan.samples.Sample;
import dev.caravan.sink.HostileLiterals;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every shipped sample, with hostile values in its texts, through every shipped automation at one node: each event is
 * accepted, and each value arrives as text wherever it is sent, or a sentence says why it is not.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSamplesTest {
    /**
     * Values by which the routes, as they are configured here, find that there is something to send. With others there
     * nothing is sent, as the last test shows.
     */
    private static final Set<String> STEERING = Set.of(
            "renewal-2026", // the study of product-research-pipeline
            "demo-winloss", // the study of koji-winloss-to-hubspot, and the deal that it is about
            "4211309072",
            "dealstage", // koji-winloss-start
            "closedwon",
            "closedlost",
            "0-3",
            "satisfaction", // koji-signal-routing: the questions and answers that count
            "expand",
            "reason",
            "pricing",
            "no",
            "q2", // koji-completed-to-salesforce: the question of the score
            "no_answer", // kejue-call-to-crm: an unreached call
            "voicemail");

    /**
     * More of the kind: an event's time is the date that a CRM gets, a user's id names them in product analytics, which
     * take no longer one, an answer is read by its type, and an analysis that is not finished is waited for.
     */
    private static final Set<String> STEERING_FIELDS = Set.of("timestamp", "id", "type", "analysis_status");

    /** What people write. An id, a code or a URL of 100,000 characters is refused, or no URL. */
    private static final Set<String> PROSE = Set.of(
            "name",
            "study_title",
            "title",
            "description",
            "summary",
            "comment",
            "transcript",
            "campaign_name",
            "alert_rule_name",
            "condition",
            "department",
            "dominant_emotion",
            "intent_primary",
            "interested_product",
            "ended_reason",
            "segment",
            "dealname",
            "firstname");

    /** All that the contract check knows, and what has no API of that kind. */
    private static final List<String> EVERYWHERE = List.of(
            "airtable",
            "amplitude",
            "confluence",
            "heap",
            "http",
            "hubspot",
            "jira",
            "linear",
            "mail",
            "mailchimp",
            "mandrill",
            "mixpanel",
            "notion",
            "salesforce",
            "sendgrid",
            "slack");

    /** Why a delivery is dead where every text is hostile, addresses and ids of users among them. */
    private static final Map<String, String> REASONS = Map.of(
            "koji-completed-to-salesforce update-contact", "No contact has the event's e-mail address: .*",
            "koji-participant-tracking heap-event", "The parameter identity is .* no id for this event: mend it",
            "koji-analysis-to-database thanks",
                    "email-sink: the parameter to holds what is no single e-mail address: .*",
            "koji-quality-gate mail-by-sendgrid",
                    "sendgrid-email-sink: the parameter to holds what is no single e-mail address: .*",
            "kejue-call-to-crm salesforce-end",
                    "No contact has the event's e-mail address: .* Those that waited for it by orderBy go on\\.",
            "kejue-call-to-crm salesforce-analysis",
                    "No contact has the event's e-mail address: .* Those that waited for it by orderBy go on\\.",
            "product-research-pipeline ask-by-mandrill",
                    "mandrill-email-sink: the parameter to holds what is no single e-mail address: .*");

    private static final String SECRET = "xoxb-that-no-payload-may-read";

    private final Vendors vendors = Vendors.start("hostile samples", literals());
    private final MailServer mail = MailServer.start();
    /** Gets what koji-forward sends on. Not recorded: that is what came, byte for byte, half characters and all. */
    private final WireMockServer onward =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().stubCorsEnabled(false));

    private ShippedRoutes shipped;
    private int round;

    /** An event that was accepted. */
    private record Sent(String preset, String id, byte[] body) {}

    /** What looks like a template's leftover, whole or as a limit cut it. */
    private static String[] literals() {
        return Stream.of(HostileLiterals.all())
                .flatMap(literal -> Stream.concat(
                        Stream.of(literal),
                        Stream.iterate(2, length -> length < literal.length(), length -> length + 1)
                                .map(length -> literal.substring(0, length) + "…")))
                .toArray(String[]::new);
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        onward.start();
        onward.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.ok()));
        String[] own = {
            "slack.token = " + SECRET,
            "caravan.source.hubspot.secret = hubspot secret",
            "caravan.source.product.secret = whsec_cHJvZHVjdC1zZWNyZXQ=",
            "koji.signals.satisfaction.question = satisfaction",
            "koji.signals.expansion.question = expand",
            "koji.signals.reason.question = reason",
            "koji.outreach.from = research@acme.example",
            "koji.forward.url = " + onward.baseUrl() + "/onward",
            "koji.report.refresh-url = " + vendors.url(Vendors.KOJI) + "/api/v1/studies/${variable.studyId}/refresh",
            "koji.alert.values = power_users.*",
            "koji.thank-you.subject = Thank you",
            "koji.score.question = q2",
            "koji.winloss.study = demo-winloss",
            "koji.tracking.studies = .*",
            "koji.tracking.journey-event = research_participant",
            "koji.report.stakeholders = ceo@acme.example, product@acme.example",
            "koji.analysis.retry = 50ms,50ms",
            "product.study = renewal-2026",
            "product.prompt.from = research@acme.example",
            "product.prompt.url = " + vendors.url("app.acme.example") + "/prompts"
        };
        shipped = ShippedRoutes.start(directory, Vendors.with(Vendors.with(vendors.keys(), mail.keys()), own))
                .recording("hostile samples", literals());
    }

    @AfterAll
    void stop() {
        shipped.close();
        onward.stop();
        mail.close();
        vendors.close();
    }

    @BeforeEach
    void forget() {
        round++;
        mail.forget();
        Stream.of(vendors.server, shipped.slack, onward).forEach(WireMockServer::resetRequests);
    }

    @Test
    void hostileTextsArriveAsText() throws Exception {
        HostileText hostile = HostileText.combined();
        List<Sent> sent = send((name, text) -> steers(name, text) ? own(text) : hostile.after(text));
        assertThat(dead(sent)).isEmpty();
        assertThat(carriers(hostile)).containsExactlyInAnyOrderElementsOf(EVERYWHERE);
    }

    @Test
    void textsOfAHundredThousandCharactersArriveAsFarAsTheyFit() throws Exception {
        HostileText hostile = HostileText.veryLong();
        List<Sent> sent =
                send((name, text) -> steers(name, text) || !PROSE.contains(name) ? own(text) : hostile.after(text));
        assertThat(dead(sent)).isEmpty();
        assertThat(carriers(hostile)).containsExactlyInAnyOrderElementsOf(EVERYWHERE);
    }

    @Test
    void whereEveryTextIsHostileEachEventIsAcceptedAndASentenceSaysWhatCannotBeSent() throws Exception {
        HostileText hostile = HostileText.combined();
        List<Sent> sent = send((name, text) -> hostile.after(text));
        assertThat(dead(sent)).isNotEmpty().allSatisfy(delivery -> {
            Settlement.Attempt last = delivery.lastAttempt().orElseThrow();
            String where = delivery.automation() + " " + last.step().orElse("");
            assertThat(REASONS).containsKey(where);
            assertThat(last.message().orElse("")).matches(REASONS.get(where));
        });
        assertThat(carriers(hostile)).contains("slack", "jira", "linear", "notion", "confluence", "airtable", "http");
        assertThat(requests(onward))
                .extracting(LoggedRequest::getBody)
                .containsExactlyInAnyOrderElementsOf(sent.stream()
                        .filter(event -> event.preset().equals("koji"))
                        .map(Sent::body)
                        .toList());
    }

    private static boolean steers(String name, String text) {
        return STEERING.contains(text) || STEERING_FIELDS.contains(name) || text.contains("@");
    }

    /** Addresses of this round's own: nobody is written to twice. */
    private String own(String text) {
        return text.replace("@", "+" + round + "@");
    }

    /** Sends every sample; each is accepted. What the vendors tell is as hostile. */
    private List<Sent> send(HostileSamples.Change change) throws Exception {
        new HostileVendors(vendors).tell((name, text) -> steers(name, text) ? own(text) : change.of(name, text));
        List<Sent> sent = new ArrayList<>();
        for (Sample sample : ShippedRoutes.SAMPLES.all()) {
            byte[] body = ofThisRound(HostileSamples.body(sample.numbered(round), change));
            String id = shipped.post(sample.preset(), body).path("id").asText();
            sent.add(new Sent(sample.preset(), id, body));
        }
        shipped.awaitQuiet();
        return sent;
    }

    /** A deal of its own: nobody is asked twice about one. */
    private byte[] ofThisRound(byte[] body) {
        return new String(body, StandardCharsets.US_ASCII)
                .replace("\"objectId\":", "\"objectId\":" + round)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private List<DeliverySummary> dead(List<Sent> events) {
        return events.stream()
                .flatMap(event -> shipped.deliveries(event.id()).stream())
                .filter(delivery -> delivery.state() != DeliveryState.SUCCEEDED)
                .toList();
    }

    private static List<LoggedRequest> requests(WireMockServer standIn) {
        return standIn.findAll(WireMock.anyRequestedFor(WireMock.anyUrl()));
    }

    /** Who was sent the value, and read it as text. */
    private Set<String> carriers(HostileText hostile) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        for (LoggedRequest request : requests(vendors.server)) {
            texts.computeIfAbsent(Vendors.sink(request), first -> new ArrayList<>())
                    .addAll(ReadRequest.texts(request));
        }
        texts.put(
                "slack",
                requests(shipped.slack).stream()
                        .flatMap(request -> ReadRequest.slack(request).stream())
                        .toList());
        texts.put(
                "mail",
                mail.mails().stream()
                        .flatMap(one -> Stream.of(one.subject(), one.text(), ReadRequest.html(one.html())))
                        .toList());
        Set<String> carriers = new TreeSet<>();
        texts.forEach((who, all) -> all.forEach(text -> {
            assertThat(text).doesNotContain(SECRET, System.getenv("PATH"), "uid=");
            if (hostile.isTextIn(text, who)) {
                carriers.add(who);
            }
        }));
        return carriers;
    }
}

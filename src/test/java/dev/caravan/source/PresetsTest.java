package dev.caravan.source;

import static dev.caravan.source.Sources.event;
import static dev.caravan.source.Sources.request;
import static dev.caravan.source.Sources.sample;
import static dev.caravan.source.Sources.signed;
import static dev.caravan.source.Sources.source;
import static dev.caravan.source.Sources.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.settings.Settings;
import dev.caravan.source.Identification.Malformed;
import dev.caravan.source.Identification.VerificationRequest;
import dev.caravan.source.Verification.Refused;
import dev.caravan.source.Verification.Verified;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetsTest {
    @TempDir
    Path directory;

    @Test
    void theIndexNamesEveryShippedPreset() throws IOException {
        List<String> files;
        try (var list = Files.list(Path.of("src/main/resources/presets"))) {
            files = list.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("index"))
                    .map(name -> name.replace(".properties", ""))
                    .sorted()
                    .toList();
        }
        assertThat(Presets.load(Sources.settings("")).names()).containsExactlyElementsOf(files);
    }

    @Test
    void everyShippedPresetHoldsOnlyKnownOptions() {
        Presets presets = Presets.load(Sources.settings(""));
        for (String name : presets.names()) {
            assertThat(presets.find(name).orElseThrow().options().keySet())
                    .allSatisfy(option -> assertThat(
                                    OptionNames.ofPreset().contains(option) || option.startsWith("idempotency-key."))
                            .as(name + ": " + option)
                            .isTrue());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    koji | interview.completed     | 19:interview.completed6:abc123
                    koji | interview.analysis_ready | 24:interview.analysis_ready36:f8e7d6c5-b4a3-2109-8765-432109876543
                    koeiq | transcription.completed | 23:transcription.completed7:vl_xxxx0:20:2026-03-17T09:00:00Z
                    koeiq | analytics.completed     | 19:analytics.completed7:vl_xxxx0:20:2026-03-17T09:01:30Z
                    koeiq | alert.triggered         | 15:alert.triggered7:vl_xxxx7:ar_xxxx20:2026-03-17T09:02:00Z
                    """)
    void samplesVerifyAndHaveTheirTypeAndKey(String preset, String type, String key) {
        Source source = source("preset=" + preset + "\nsecret=one");
        byte[] body = sample(preset + "/" + type + ".json");

        assertThat(source.verify(signed(source, body))).isEqualTo(new Verified(0));
        assertThat(event(source, body).type()).isEqualTo(type);
        assertThat(event(source, body).idempotencyKey()).isEqualTo(key);
        assertThat(event(source, body).time()).isPresent();
        assertThat(source.eventTypes()).contains(type);
    }

    @Test
    void bothShapesOfKojiAreTheSameEvent() {
        Source koji = source("preset=koji");

        assertThat(event(koji, utf8("{\"event\":\"interview.completed\",\"data\":{\"interview_id\":\"abc123\"}}"))
                        .idempotencyKey())
                .isEqualTo(event(koji, sample("koji/interview.completed.json")).idempotencyKey());
    }

    @Test
    void aStudyOfKojiMayBePublishedAgain() {
        Source koji = source("preset=koji");
        String format = "{\"type\":\"study.published\",\"timestamp\":\"%s\",\"data\":{\"study_id\":\"s1\"}}";

        assertThat(event(koji, utf8(format.formatted("2026-01-01T00:00:00Z"))).idempotencyKey())
                .isEqualTo("15:study.published2:s120:2026-01-01T00:00:00Z");
        assertThat(event(
                                koji,
                                utf8(
                                        "{\"type\":\"report.generated\",\"timestamp\":\"t\",\"data\":{\"report_id\":\"r\"}}"))
                        .idempotencyKey())
                .isEqualTo("16:report.generated1:r1:t");
    }

    @Test
    void kojisQuestionIsAnsweredAndItsChallengeEchoed() {
        Source koji = source("preset=koji");

        assertThat(koji.identify(request(utf8("{\"type\":\"ping\",\"challenge\":\"c\"}"))))
                .isEqualTo(new VerificationRequest(Optional.of("{\"status\":\"ready\",\"challenge\":\"c\"}")));
        assertThat(koji.identify(request(utf8("{\"hello\":1}")))).isInstanceOf(VerificationRequest.class);
    }

    @Test
    void aiInterviewSignsWithoutAPrefix() {
        Source source = source("preset=ai-interview\nsecret=one");
        byte[] body = utf8("{\"event\":\"session.feedback_submitted\",\"session_id\":\"s1\",\"feedback\":{}}");
        String signature =
                signed(source, body).headers().all("X-Webhook-Signature").get(0);

        assertThat(signature).hasSize(64);
        assertThat(source.verify(request(body, "X-Webhook-Signature", "sha256=" + signature)))
                .isInstanceOf(Refused.class);
        assertThat(event(source, body).idempotencyKey()).isEqualTo("26:session.feedback_submitted2:s1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac_sha256", "hmac-sha256", "hmac_sha1", "hmac-sha1", "bearer", "basic_auth", "basic"})
    void everyMethodOfKejueVerifiesAndTheHmacPrefixIsOptional(String method) {
        Source kejue = source("preset=kejue\nsignature=" + method + "\nsecret=user:pass");
        byte[] body = sample("kejue/call.ended.json");
        IncomingRequest request = signed(kejue, body);

        assertThat(kejue.verify(request)).isEqualTo(new Verified(0));
        if (method.startsWith("hmac")) {
            String signature = request.headers().all("X-Kejue-Signature").get(0);
            String prefix = method.endsWith("1") ? "sha1=" : "sha256=";
            String time = request.headers().all("X-Kejue-Timestamp").get(0);
            assertThat(signature).startsWith(prefix);
            assertThat(kejue.verify(request(
                            body,
                            "X-Kejue-Signature",
                            signature.substring(prefix.length()),
                            "X-Kejue-Timestamp",
                            time)))
                    .isEqualTo(new Verified(0));
        } else {
            assertThat(kejue.headerNames()).containsExactly("authorization");
        }
    }

    @Test
    void kejueMayBeUnsignedWhereThatIsAccepted() {
        Source kejue = source("preset=kejue\nsignature=none\nsignature.none.accepted=true");

        assertThat(kejue.hasSecret()).isTrue();
        assertThat(kejue.verify(request(utf8("{}")))).isEqualTo(new Verified(-1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    call.started   | 12:call.started7:job_1236:ct_7891:1
                    call.ended     | 10:call.ended7:job_1236:ct_7891:1
                    call.analyzed  | 13:call.analyzed7:job_1236:ct_7890:
                    campaign.ended | 14:campaign.ended8:camp_abc0:0:
                    """)
    void kejuesKeyIsTheEventIdOrElseWhatTheDataSays(String type, String key) {
        Source kejue = source("preset=kejue");
        String bare = new String(sample("kejue/" + type + ".json"), StandardCharsets.UTF_8).strip();
        String timed = bare.substring(0, bare.length() - 1) + ",\"timestamp\":\"t\"}";
        String enveloped = bare.substring(0, bare.length() - 1) + ",\"timestamp\":\"t\",\"event_id\":\"evt_1\"}";

        assertThat(event(kejue, utf8(bare)).idempotencyKey()).startsWith("sha256:");
        assertThat(event(kejue, utf8(timed)).idempotencyKey()).isEqualTo(key + "1:t");
        assertThat(event(kejue, utf8(enveloped)).idempotencyKey()).isEqualTo("5:evt_1");
        assertThat(event(kejue, sample("kejue/envelope.json")).idempotencyKey()).isEqualTo("10:evt_abc123");
        assertThat(event(kejue, sample("kejue/envelope.json")).time()).contains(Instant.parse("2025-01-15T10:30:00Z"));
    }

    @Test
    void deliveryIdsAreTheKeysOfTheOthers() {
        assertThat(event(
                                source("preset=github"),
                                request(utf8("{}"), "X-GitHub-Event", "push", "X-GitHub-Delivery", "d"))
                        .idempotencyKey())
                .isEqualTo("1:d");
        assertThat(event(
                                source("preset=shopify"),
                                request(utf8("{}"), "X-Shopify-Topic", "orders/paid", "X-Shopify-Webhook-Id", "d"))
                        .idempotencyKey())
                .isEqualTo("1:d");
        assertThat(event(source("preset=stripe"), utf8("{\"id\":\"evt_1\",\"type\":\"invoice.paid\",\"created\":1}")))
                .satisfies(event -> assertThat(event.idempotencyKey()).isEqualTo("5:evt_1"))
                .satisfies(event -> assertThat(event.time()).contains(Instant.ofEpochSecond(1)));
        assertThat(event(source("preset=standard-webhooks"), request(utf8("{\"type\":\"a\"}"), "webhook-id", "msg_1"))
                        .idempotencyKey())
                .isEqualTo("5:msg_1");
        assertThat(event(
                                source("preset=slack"),
                                utf8(
                                        "{\"type\":\"event_callback\",\"event_id\":\"Ev1\",\"event\":{\"type\":\"message\"}}"))
                        .type())
                .isEqualTo("message");
    }

    @Test
    void slacksChallengeIsEchoedAndGitHubHasNoHandshake() {
        assertThat(source("preset=slack")
                        .identify(request(utf8("{\"type\":\"url_verification\",\"challenge\":\"c\",\"token\":\"t\"}"))))
                .isEqualTo(new VerificationRequest(Optional.of("{\"status\":\"ready\",\"challenge\":\"c\"}")));
        assertThat(source("preset=github").identify(request(utf8("{}")))).isInstanceOf(Malformed.class);
    }

    private static final String HUBSPOT =
            "preset=hubspot\nsecret=yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy\ncaravan.public-url=https://hooks.example.com";
    private static final String HUBSPOT_BODY = "[{\"eventId\":1,\"subscriptionId\":12345,\"portalId\":62515,"
            + "\"occurredAt\":1564113600000,\"subscriptionType\":\"deal.propertyChange\",\"attemptNumber\":%d,"
            + "\"objectId\":123,\"propertyName\":\"dealstage\",\"propertyValue\":\"closedwon\","
            + "\"changeSource\":\"CRM\",\"appId\":54321}]";

    private static IncomingRequest hubspot(String uri, byte[] body, String signature) {
        return new IncomingRequest(
                "POST",
                uri,
                Headers.of(Map.of(
                        "x-hubspot-signature-v3", List.of(signature),
                        "x-hubspot-request-timestamp", List.of("1773738000123"))),
                body,
                Sources.NOW);
    }

    /** The signature is that of {@code openssl dgst -sha256 -hmac} over method, address, body and milliseconds. */
    @Test
    void hubspotSignsMethodAddressBodyAndMilliseconds() {
        String signature = "2LVwpCmejHZ+bvQxrN6VstGNdbH0BTACrARLdWmHca8=";
        byte[] body = utf8(HUBSPOT_BODY.formatted(0));

        assertThat(source(HUBSPOT).verify(hubspot("/webhooks/hubspot", body, signature)))
                .isEqualTo(new Verified(0));
        assertThat(source(HUBSPOT).verify(hubspot("/webhooks/hubspot?a=b", body, signature)))
                .isInstanceOf(Refused.class);
        assertThat(source(HUBSPOT).verify(hubspot("/webhooks/hubspot", utf8(HUBSPOT_BODY.formatted(1)), signature)))
                .isInstanceOf(Refused.class);
    }

    /** Computed likewise, over {@code ?a=:/?@!$'()*,;%20%2B%25}: only what HubSpot lists is decoded. */
    @Test
    void hubspotSignsSomeCharactersOfTheAddressDecoded() {
        String signature = "5KWLFFClRLFwJSRM+BeozSxdqfYb2ehKCJacMJZ9uso=";
        Source source = source(HUBSPOT + "\nsecret=s3cret");

        for (String query : List.of(
                "%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B%20%2B%25",
                "%3a%2f?@!$'%28%29*,;%20%2B%25", ":/?@!$'()*,;%20%2B%25")) {
            assertThat(source.verify(hubspot("/webhooks/hubspot?a=" + query, utf8("[]"), signature)))
                    .as(query)
                    .isEqualTo(new Verified(0));
        }
        assertThat(source.verify(hubspot("/webhooks/hubspot?a=:/?@!$'()*,; %20%2B%25", utf8("[]"), signature)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void aRefusalSaysWhereTheAddressIsSignedButNotKnown() {
        Source source = source("preset=hubspot\nsecret=one");

        assertThat(source.verify(hubspot("/webhooks/hubspot", utf8("[]"), "A".repeat(44))))
                .isEqualTo(new Refused("The signature in the header X-HubSpot-Signature-v3 does not match the request;"
                        + " it covers the address, so caravan.public-url may have to say what it starts with."));
    }

    @Test
    void hubspotsRequestIsAListOfEventsAndARetryIsTheSameEvent() {
        Source source = source(HUBSPOT);
        String one =
                HUBSPOT_BODY.formatted(0).substring(1, HUBSPOT_BODY.formatted(0).length() - 1);
        String two = one.replace("\"objectId\":123", "\"objectId\":124");

        assertThat(((Identification.Identified) source.identify(request(utf8("[" + one + "," + two + "]")))).events())
                .extracting(NewEvent::type, NewEvent::idempotencyKey)
                .containsExactly(
                        tuple(
                                "deal.propertyChange",
                                "19:deal.propertyChange1:113:15641136000005:625153:1230:9:dealstage"),
                        tuple(
                                "deal.propertyChange",
                                "19:deal.propertyChange1:113:15641136000005:625153:1240:9:dealstage"));
        assertThat(event(source, utf8(HUBSPOT_BODY.formatted(1))).idempotencyKey())
                .isEqualTo(event(source, utf8(HUBSPOT_BODY.formatted(0))).idempotencyKey());
        assertThat(event(source, utf8(HUBSPOT_BODY.formatted(0))).time())
                .contains(Instant.ofEpochMilli(1_564_113_600_000L));
    }

    /** The example of the Standard Webhooks specification. */
    @Test
    void aProductSignsAsStandardWebhooksSays() {
        Source source = source("preset=product\nsecret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        byte[] body = utf8("{\"test\": 2432232314}");
        IncomingRequest request = new IncomingRequest(
                "POST",
                "/webhooks/product",
                Headers.of(Map.of(
                        "webhook-id", List.of("msg_p5jXN8AQM9LWM0D4loKWxJek"),
                        "webhook-timestamp", List.of("1614265330"),
                        "webhook-signature", List.of("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="))),
                body,
                Instant.ofEpochSecond(1_614_265_330));

        assertThat(source.verify(request)).isEqualTo(new Verified(0));
        assertThat(source.eventTypes())
                .containsExactlyInAnyOrder(
                        "onboarding.finished", "trial.expired", "feature.threshold_reached", "nps.submitted");
    }

    @Test
    void whatAVendorSendsInHeadersIsSentBySignToo() {
        Source github = source("preset=github\nsecret=one");
        IncomingRequest request = request(utf8("{}"), github.sign(utf8("{}"), "/", Sources.NOW, "push"));

        assertThat(github.verify(request)).isEqualTo(new Verified(0));
        assertThat(event(github, request).type()).isEqualTo("push");
    }

    @Test
    void aUsersPresetIsAddedOrTakesThePlaceOfAShippedOne() throws IOException {
        Path presets = Files.createDirectory(directory.resolve("presets"));
        Files.writeString(
                presets.resolve("acme.properties"), "signature=token\nsignature.header=X-Acme\nevent-type=/kind");
        Files.writeString(presets.resolve("koji.properties"), "signature=bearer\nevent-type=/kind");
        Settings settings = Sources.settings(
                directory, "preset=koji\nsecret=one\ncaravan.source.y.preset=acme\ncaravan.source.y.secret=two");
        List<Source> sources = Source.readAll(settings, Presets.load(settings));
        settings.check();

        assertThat(sources).extracting(Source::name).containsExactly("x", "y");
        assertThat(sources.get(0).headerNames()).containsExactly("authorization");
        assertThat(sources.get(1).headerNames()).containsExactly("x-acme");
    }

    @Test
    void aMistypedOptionInAUsersPresetIsNamed() throws IOException {
        Path presets = Files.createDirectory(directory.resolve("presets"));
        Files.writeString(presets.resolve("acme.properties"), "signatur=token");
        Settings settings = Sources.settings(directory, "");
        Presets.load(settings);

        assertThat(settings.problems())
                .containsExactly(
                        "presets/acme.properties holds signatur, which no preset has; did you mean signature?");
    }
}

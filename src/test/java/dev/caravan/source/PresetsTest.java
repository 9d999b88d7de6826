package dev.caravan.source;

import static dev.caravan.source.Sources.event;
import static dev.caravan.source.Sources.request;
import static dev.caravan.source.Sources.sample;
import static dev.caravan.source.Sources.signed;
import static dev.caravan.source.Sources.source;
import static dev.caravan.source.Sources.utf8;
import static org.assertj.core.api.Assertions.assertThat;

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

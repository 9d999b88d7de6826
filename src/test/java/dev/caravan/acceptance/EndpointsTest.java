package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.inbox.EventSummary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of the public listener, row by row. */
class EndpointsTest {
    private static final Duration QUIET = Duration.ofMillis(700);

    @TempDir
    private static Path directory;

    private static Workplace place;
    private static Web web;

    @BeforeAll
    static void start() {
        place = new Workplace(directory)
                .set("caravan.http.max-body", "64KiB")
                .set("caravan.source.open.preset", "koji")
                .set("caravan.source.plain.preset", "ai-interview")
                .set("caravan.source.plain.secret", Workplace.SECRET)
                .set("caravan.source.kejue.preset", "kejue")
                .set("caravan.source.kejue.secret", Workplace.SECRET)
                .set("caravan.source.bearer.preset", "kejue")
                .set("caravan.source.bearer.signature", "bearer")
                .set("caravan.source.bearer.secret", Workplace.SECRET)
                .start();
        web = place.web();
    }

    @AfterAll
    static void stop() {
        place.close();
    }

    @Test
    void aNewEventIsAcceptedAndTheSameAgainIsADuplicateOfIt() {
        String body = Vendor.interview("int_new");

        Answer first = web.koji(body);
        Answer again = web.koji(body);

        assertThat(first.summary()).isEqualTo("200 accepted");
        assertThat(again.summary()).isEqualTo("200 duplicate");
        assertThat(first.json().path("id").asText())
                .startsWith("evt_")
                .isEqualTo(again.json().path("id").asText());
        assertThat(first.header("Content-Type")).hasValue("application/json");
        assertThat(place.inbox().event(idOf(first)).orElseThrow().body())
                .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aDuplicateWhoseBytesDifferIsCounted() {
        Answer first = web.koji(Vendor.interview("int_twice", "s", "Alex"));
        web.koji(Vendor.interview("int_twice", "s", "Alex"));
        Answer differing = web.koji(Vendor.interview("int_twice", "s", "Sam"));

        assertThat(differing.summary()).isEqualTo("200 duplicate");
        EventSummary summary = place.inbox().eventSummary(idOf(first)).orElseThrow();
        assertThat(summary.duplicates()).isEqualTo(2);
        assertThat(summary.differing()).isEqualTo(1);
    }

    @Test
    void anEventThatNoAutomationWantsIsMarkedSo() {
        Answer answer = web.koji(Vendor.interview("int_unwanted"));
        assertThat(place.inbox().eventSummary(idOf(answer)).orElseThrow().unwanted())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"koji", "open", "plain", "kejue"})
    void aProbeIsAnsweredReady(String source) {
        String path = "/webhooks/" + source;
        assertThat(web.get(path).summary()).isEqualTo("200 ready");
        assertThat(web.post(path, "").summary()).isEqualTo("200 ready");
        Answer head = web.send(web.to(path).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).hasValue("18");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"hello\":\"endpoint\"}", "{\"event\":\"ping\"}", "{\"type\":\"webhook.test\",\"data\":{}}"})
    void aSignedVerificationRequestIsAnsweredReadyAndKept(String body) {
        assertThat(web.koji(body).summary()).isEqualTo("200 ready");
        Kept kept = Kept.of(place, body);
        assertThat(kept.kind()).isEqualTo("verification");
        assertThat(kept.source()).isEqualTo("koji");
    }

    @Test
    void aVerificationRequestMustBeSignedWhereThereIsASecretAndNeedNotBeWhereThereIsNone() {
        assertThat(web.post("/webhooks/koji", "{\"verify\":\"unsigned\"}").status())
                .isEqualTo(401);
        assertThat(web.post("/webhooks/open", "{\"verify\":\"no secret yet\"}").summary())
                .isEqualTo("200 ready");
        assertThat(Kept.of(place, "{\"verify\":\"unsigned\"}").kind()).isEqualTo("unverified");
        assertThat(Kept.of(place, "{\"verify\":\"no secret yet\"}").kind()).isEqualTo("verification");
    }

    @Test
    void aChallengeIsEchoed() {
        Answer answer = web.post("/webhooks/open", "{\"type\":\"url_verification\",\"challenge\":\"c-42\"}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("challenge").asText()).isEqualTo("c-42");
    }

    @Test
    void anEventForASourceWithoutASecretHasToComeAgainAndIsKept() {
        String body = Vendor.interview("int_early");
        Answer answer = web.kojiTo("/webhooks/open", body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        Kept kept = Kept.of(place, body);
        assertThat(kept.kind()).isEqualTo("no_secret");
        assertThat(kept.headers()).contains(Vendor.koji(Workplace.SECRET, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsNotSignedRightIsRefusedAndKept() {
        String body = Vendor.interview("int_forged");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String good = Vendor.koji(Workplace.SECRET, bytes);
        String path = "/webhooks/koji";
        String name = "X-Koji-Signature";

        assertThat(web.post(path, body).status()).as("no header").isEqualTo(401);
        assertThat(web.post(path, body, name, "").status()).as("empty").isEqualTo(401);
        assertThat(web.post(path, body, name, good, name, good).status())
                .as("twice")
                .isEqualTo(401);
        assertThat(web.post(path, body, name, good.substring(0, good.length() - 2))
                        .status())
                .as("short")
                .isEqualTo(401);
        assertThat(web.post(path, body, name, good + "00").status()).as("long").isEqualTo(401);
        assertThat(web.post(path, body.replace("Alex", "Alez"), name, good).status())
                .as("a changed byte")
                .isEqualTo(401);
        assertThat(web.post(path, body, name, Vendor.koji("another secret", bytes))
                        .status())
                .as("another secret")
                .isEqualTo(401);
        assertThat(web.raw(post(path, body, name + ": sha256=\u00e9\u00ff\u00fc" + good), QUIET))
                .as("not ASCII")
                .startsWith("HTTP/1.1 401 ");
        assertThat(Kept.of(place, body).kind()).isEqualTo("unverified");
        assertThat(place.inbox().events(Optional.of("koji"), Optional.empty(), 0))
                .noneMatch(event -> event.idempotencyKey().contains("int_forged"));
    }

    @Test
    void upperCaseHexIsTheSameSignature() {
        String body = Vendor.interview("int_upper");
        String signature = "sha256="
                + Vendor.hmacSha256(Workplace.SECRET, body.getBytes(StandardCharsets.UTF_8))
                        .toUpperCase(java.util.Locale.ROOT);
        // Either answer would be clean; DESIGN asks that it is never an exception.
        assertThat(web.post("/webhooks/koji", body, "X-Koji-Signature", signature)
                        .status())
                .isIn(200, 401);
    }

    @Test
    void aTimestampThatIsTooOldIsRefused() {
        String body = "{\"event\":\"call.ended\",\"event_id\":\"ev_1\",\"data\":{}}";
        String now = Long.toString(Instant.now().getEpochSecond());
        String old = Long.toString(Instant.now().minus(Duration.ofHours(1)).getEpochSecond());

        assertThat(kejue(body, old).status()).isEqualTo(401);
        assertThat(kejue(body, now).summary()).isEqualTo("200 accepted");
    }

    private static Answer kejue(String body, String timestamp) {
        return web.post(
                "/webhooks/kejue",
                body,
                "X-Kejue-Timestamp",
                timestamp,
                "X-Kejue-Signature",
                Vendor.kejue(Workplace.SECRET, timestamp, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "{\"event\":", "[]", "{\"no\":\"type\"}"})
    void whatIsSignedAndNoEventIsABadRequestAndKept(String body) {
        Answer answer = web.post(
                "/webhooks/plain",
                body,
                "X-Webhook-Signature",
                Vendor.hmacSha256(Workplace.SECRET, body.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(Kept.of(place, body).kind()).isEqualTo("malformed");
    }

    @Test
    void thereIsNothingElse() {
        assertThat(web.post("/webhooks/nobody", "{}").status()).isEqualTo(404);
        assertThat(web.get("/webhooks/nobody").status()).isEqualTo(404);
        assertThat(web.get("/webhooks").status()).isEqualTo(404);
        assertThat(web.get("/webhooks/koji/deeper").status()).isEqualTo(404);
        assertThat(web.get("/api/v1/events").status()).isEqualTo(404);
        assertThat(web.get("/observe/metrics").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"})
    void otherMethodsAreNotAllowed(String method) {
        Answer answer = web.send(web.to("/webhooks/koji").method(method, BodyPublishers.noBody()));
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow").orElseThrow()).contains("POST", "GET", "HEAD");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedDeclaredOrNot() {
        byte[] large = new byte[65 * 1024];
        assertThat(web.kojiTo("/webhooks/koji", large).status()).isEqualTo(413);
        assertThat(web.send(web.to("/webhooks/koji")
                                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large))))
                        .status())
                .isEqualTo(413);
        assertThat(web.raw("POST /webhooks/koji HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", QUIET))
                .as("answered without waiting for the body")
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void aBodyOfExactlyTheLargestSizeIsTaken() {
        String frame = Vendor.interview("int_large");
        String body = frame.replace("Alex", "x".repeat(64 * 1024 - frame.length() + 4));
        assertThat(body).hasSize(64 * 1024);
        assertThat(web.koji(body).summary()).isEqualTo("200 accepted");
    }

    @Test
    void aChunkedEventIsTaken() {
        byte[] body = Vendor.interview("int_chunked").getBytes(StandardCharsets.UTF_8);
        Answer answer = web.send(web.to("/webhooks/koji")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .header("X-Koji-Signature", Vendor.koji(Workplace.SECRET, body)));
        assertThat(answer.summary()).isEqualTo("200 accepted");
    }

    @Test
    void aSenderThatWaitsForContinueIsToldToGoOn() {
        assertThat(web.raw(
                        "POST /webhooks/koji HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
                        QUIET))
                .startsWith("HTTP/1.1 100 ");
    }

    @Test
    void formsAndMultipartBodiesAreReadAsTheBytesTheyAre() {
        byte[] form = "a=1&b=%20x+y&a=\u00e9".getBytes(StandardCharsets.UTF_8);
        byte[] multipart = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\nhello\r\n--x--\r\n"
                .getBytes(StandardCharsets.UTF_8);

        // Signed, so that they get as far as being read: no JSON, hence 400 and not 401.
        assertThat(plain(form, "application/x-www-form-urlencoded").status()).isEqualTo(400);
        assertThat(plain(multipart, "multipart/form-data; boundary=x").status()).isEqualTo(400);
        assertThat(Kept.of(place, new String(form, StandardCharsets.UTF_8)).kind())
                .isEqualTo("malformed");
        assertThat(Kept.of(place, new String(multipart, StandardCharsets.UTF_8)).kind())
                .isEqualTo("malformed");
        byte[] event = Vendor.interview("int_form").getBytes(StandardCharsets.UTF_8);
        assertThat(web.kojiTo("/webhooks/koji", event, "Content-Type", "application/x-www-form-urlencoded")
                        .summary())
                .as("an event whose content type is wrong")
                .isEqualTo("200 accepted");
    }

    private static Answer plain(byte[] body, String contentType) {
        return web.post(
                "/webhooks/plain",
                body,
                "Content-Type",
                contentType,
                "X-Webhook-Signature",
                Vendor.hmacSha256(Workplace.SECRET, body));
    }

    @Test
    void compressedBytesAreVerifiedAsTheyCameAndNotUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(Vendor.interview("int_gzip").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(web.kojiTo("/webhooks/koji", packed.toByteArray(), "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void onlyTheHeadersThatTheSourceReadsAreKept() {
        byte[] body = Vendor.interview("int_headers").getBytes(StandardCharsets.UTF_8);
        Answer answer = web.kojiTo(
                "/webhooks/koji",
                body,
                "X-Secret-Thing",
                "1",
                "Cookie",
                "session=2",
                "Content-Type",
                "application/json");
        assertThat(place.inbox().event(idOf(answer)).orElseThrow().headers())
                .containsOnlyKeys("content-type", "x-koji-signature");
    }

    @Test
    void aTokenIsNeitherStoredWithAnEventNorInQuarantine() {
        String body = "{\"event\":\"call.ended\",\"event_id\":\"ev_bearer\",\"data\":{}}";
        Answer accepted = web.post("/webhooks/bearer", body, "Authorization", "Bearer " + Workplace.SECRET);
        assertThat(accepted.summary()).isEqualTo("200 accepted");
        assertThat(place.inbox().event(idOf(accepted)).orElseThrow().headers().toString())
                .doesNotContain(Workplace.SECRET);
        String forged = body.replace("ev_bearer", "ev_forged");
        assertThat(web.post("/webhooks/bearer", forged, "Authorization", "Bearer x" + Workplace.SECRET)
                        .status())
                .isEqualTo(401);
        assertThat(Kept.of(place, forged).headers()).contains("digest:").doesNotContain(Workplace.SECRET);
    }

    private static String idOf(Answer answer) {
        return answer.json().path("id").asText();
    }

    private static String post(String path, String body, String header) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + header + "\r\n\r\n" + body;
    }
}

package dev.caravan.source;

import static dev.caravan.source.Sources.event;
import static dev.caravan.source.Sources.request;
import static dev.caravan.source.Sources.source;
import static dev.caravan.source.Sources.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.source.Identification.Identified;
import dev.caravan.source.Identification.Malformed;
import dev.caravan.source.Identification.VerificationRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentificationTest {
    private static final String ACME =
            "signature=hmac-sha256\nsignature.header=X-Sig\nsecret=s\nevent-type=/event, /type\n";

    @Test
    void theFirstPresentPlaceOfTheTypeWins() {
        Source source = source(ACME);

        assertThat(event(source, utf8("{\"type\":\"b\",\"event\":\"a\"}")).type())
                .isEqualTo("a");
        assertThat(event(source, utf8("{\"type\":\"b\",\"event\":null}")).type())
                .isEqualTo("b");
        assertThat(event(source, utf8("{\"type\":\"b\",\"event\":{\"x\":1}}")).type())
                .isEqualTo("b");
    }

    @Test
    void theTypeMayStandInAHeader() {
        Source source = source(ACME + "event-type=header:X-Event");

        assertThat(event(source, request(utf8("{}"), "x-event", "push")).type()).isEqualTo("push");
        assertThat(source.headerNames()).containsExactly("x-event", "x-sig");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2026-01-02T03:04:05Z\"", "1767323045", "\"1767323045\"", "1767323045000"})
    void theTimeMayBeIsoOrUnix(String time) {
        Source source = source(ACME + "event-time=/at");

        assertThat(event(source, utf8("{\"event\":\"a\",\"at\":" + time + "}")).time())
                .contains(Instant.parse("2026-01-02T03:04:05Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"yesterday\"", "-5", "1e300", "\"\"", "{}", "true", "99999999999999999999"})
    void anUnparsableTimeIsAbsent(String time) {
        Source source = source(ACME + "event-time=/at");

        assertThat(event(source, utf8("{\"event\":\"a\",\"at\":" + time + "}")).time())
                .isEmpty();
    }

    @Test
    void thePartsOfAKeyAreWrittenWithTheirLengths() {
        Source source = source(ACME + "idempotency-key=(/event, /type) + /data/id");

        assertThat(event(source, utf8("{\"type\":\"interview.completed\",\"data\":{\"id\":\"abc123\"}}"))
                        .idempotencyKey())
                .isEqualTo("19:interview.completed6:abc123");
        assertThat(event(source, utf8("{\"type\":\"a\",\"data\":{\"id\":12}}")).idempotencyKey())
                .isEqualTo("1:a2:12");
    }

    @Test
    void withoutAKeyOrWithAPartAbsentTheKeyIsTheDigestOfTheBody() {
        byte[] body = utf8("{\"event\":\"a\"}");
        String digest = "sha256:807703e0d5637b7e10ad781b20b1045bcc13eaccda7039261971145d1b1a8502";

        String key = event(source(ACME), body).idempotencyKey();
        assertThat(key).isEqualTo(digest);
        assertThat(event(source(ACME + "idempotency-key=/event + /none"), body).idempotencyKey())
                .isEqualTo(key);
        assertThat(event(source(ACME + "idempotency-key=/none? + /event"), body).idempotencyKey())
                .isEqualTo("0:1:a");
        assertThat(event(source(ACME + "idempotency-key=/none + /event, /event"), body)
                        .idempotencyKey())
                .isEqualTo("1:a");
    }

    @Test
    void aVeryLongKeyIsReplacedByItsDigest() {
        String id = "x".repeat(10_000);

        assertThat(event(source(ACME + "idempotency-key=/id"), utf8("{\"event\":\"a\",\"id\":\"" + id + "\"}"))
                        .idempotencyKey())
                .startsWith("sha256:")
                .hasSizeLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"text\"",
                "[]",
                "[{\"event\":\"a\"}]",
                "{",
                "{\"event\":\"a\"} x",
                "event=a&b=c",
                "{}",
                "{\"event\":\"\"}",
                "{\"event\":\"  \"}",
                "{\"event\":[]}"
            })
    void withoutAHandshakeWhatIsNoEventIsMalformed(String body) {
        assertThat(source(ACME).identify(request(utf8(body)))).isInstanceOf(Malformed.class);
    }

    @Test
    void deepNestingAndBrokenUtf8AreMalformed() {
        byte[] broken = {'{', '"', (byte) 0xc3, '"', ':', '1', '}'};

        assertThat(source(ACME).identify(request(broken))).isInstanceOf(Malformed.class);
        assertThat(source(ACME).identify(request(utf8("{\"event\":" + "[".repeat(100_000)))))
                .isInstanceOf(Malformed.class);
        assertThat(source(ACME).identify(request(utf8("{\"event\":\"" + "x".repeat(201) + "\"}"))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void withAHandshakeJsonWithoutATypeOrOfAPingTypeIsAVerificationRequest() {
        Source source = source(ACME + "handshake=true\nping-types=ping, test\nhandshake.challenge=/challenge");

        assertThat(source.identify(request(utf8("{}")))).isEqualTo(new VerificationRequest(Optional.empty()));
        assertThat(source.identify(request(utf8("{\"event\":\"test\"}"))))
                .isEqualTo(new VerificationRequest(Optional.empty()));
        assertThat(source.identify(request(utf8("{\"challenge\":\"a\\\"b\"}"))))
                .isEqualTo(new VerificationRequest(Optional.of("{\"status\":\"ready\",\"challenge\":\"a\\\"b\"}")));
        assertThat(source.identify(request(utf8("{\"challenge\":{}}"))))
                .isEqualTo(new VerificationRequest(Optional.empty()));
        assertThat(source.identify(request(utf8("challenge=x")))).isInstanceOf(Malformed.class);
    }

    @Test
    void batchedEventsKeepTheirBytes() {
        String first = "{\"event\":\"a\", \"n\": 1.10, \"s\":\"[{,}]é\"}";
        String second = "{ \"event\" : \"b\" }";
        String array = " [ " + first + " , " + second + "\n]";

        for (String prefix : List.of("", "\uFEFF")) {
            assertThat(events(source(ACME + "events=/"), prefix + array)).containsExactly(first, second);
        }
        assertThat(events(
                        source(ACME + "events=/data/items"), "{\"x\":[1],\"data\":{\"y\":{},\"items\":" + array + "}}"))
                .containsExactly(first, second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "{}", "[1]", "[{\"event\":\"a\"},{}]", "[{\"event\":\"a\"}", "[[]]", "1", "[null]", "[{}]x"
            })
    void aBatchWithSomethingElseInItIsMalformed(String body) {
        assertThat(source(ACME + "events=/").identify(request(utf8(body)))).isInstanceOf(Malformed.class);
    }

    @Test
    void aBatchInUtf16IsMalformed() {
        byte[] body = "[{\"event\":\"a\"}]".getBytes(StandardCharsets.UTF_16BE);

        assertThat(source(ACME + "events=/").identify(request(body))).isInstanceOf(Malformed.class);
    }

    @Test
    void batchedEventsThatShareAHeaderHaveDifferentKeys() {
        Source source = source(ACME + "events=/\nidempotency-key=header:X-Id");
        Identification identification =
                source.identify(request(utf8("[{\"event\":\"a\"},{\"event\":\"a\"}]"), "X-Id", "7"));

        assertThat(((Identified) identification).events())
                .extracting(NewEvent::idempotencyKey)
                .containsExactly("1:7#0", "1:7#1");
    }

    private static List<String> events(Source source, String body) {
        Identification identification = source.identify(request(utf8(body)));
        assertThat(identification).isInstanceOf(Identified.class);
        return ((Identified) identification)
                .events().stream()
                        .map(event -> new String(event.body(), StandardCharsets.UTF_8))
                        .toList();
    }

    @Test
    void theBodyOfASingleEventIsTheRequests() {
        byte[] body = utf8(" {\"event\":\"a\"} ");

        assertThat(Arrays.equals(event(source(ACME), body).body(), body)).isTrue();
    }
}

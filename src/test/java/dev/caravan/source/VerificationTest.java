package dev.caravan.source;

import static dev.caravan.source.Sources.BODY;
import static dev.caravan.source.Sources.NOW;
import static dev.caravan.source.Sources.request;
import static dev.caravan.source.Sources.signed;
import static dev.caravan.source.Sources.source;
import static dev.caravan.source.Sources.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.source.Verification.NoSecret;
import dev.caravan.source.Verification.Refused;
import dev.caravan.source.Verification.Verified;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
    private static final String HMAC =
            "signature=hmac-sha256\nsignature.header=X-Sig\nsignature.prefix=sha256=\nevent-type=/event\n";

    @Test
    void gitHubsPublishedExampleVerifies() {
        Source github = source("preset=github\nsecret=It's a Secret to Everybody");

        assertThat(github.verify(request(
                        utf8("Hello, World!"),
                        "X-Hub-Signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")))
                .isEqualTo(new Verified(0));
    }

    @Test
    void theStandardWebhooksExampleVerifies() {
        Source standard = source("preset=standard-webhooks\nsecret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Map<String, List<String>> headers = Map.of(
                "webhook-id", List.of("msg_p5jXN8AQM9LWM0D4loKWxJek"),
                "webhook-timestamp", List.of("1614265330"),
                "webhook-signature", List.of("v1,AAAA v1a,BBBB v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        byte[] body = utf8("{\"test\": 2432232314}");

        assertThat(standard.verify(at(Instant.ofEpochSecond(1_614_265_330), headers, body)))
                .isEqualTo(new Verified(0));
        assertThat(standard.verify(at(Instant.ofEpochSecond(1_614_265_330 + 301), headers, body)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void slacksPublishedExampleVerifies() {
        Source slack = source("preset=slack\nsecret=8f742231b10e8888abcd99yyyzzz85a5");
        byte[] body = utf8(
                "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c");
        Map<String, List<String>> headers = Map.of(
                "X-Slack-Request-Timestamp", List.of("1531420618"),
                "X-Slack-Signature", List.of("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"));

        assertThat(slack.verify(at(Instant.ofEpochSecond(1_531_420_618), headers, body)))
                .isEqualTo(new Verified(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha1", "sha512"})
    void everyDigestVerifiesInHexAndBase64(String digest) throws Exception {
        String keys = "signature=hmac-" + digest + "\nsignature.header=X-Sig\nevent-type=/event\nsecret=s3cret\n";
        byte[] mac = mac("Hmac" + digest.toUpperCase(Locale.ROOT), BODY);

        assertThat(source(keys).verify(request(BODY, "x-sig", HexFormat.of().formatHex(mac))))
                .isEqualTo(new Verified(0));
        assertThat(source(keys + "signature.encoding=base64")
                        .verify(request(BODY, "X-SIG", Base64.getEncoder().encodeToString(mac))))
                .isEqualTo(new Verified(0));
    }

    @Test
    void thePayloadTemplateIsSignedWithTheBodysBytes() throws Exception {
        byte[] body = {'{', (byte) 0xff, 0, '}'};
        Source source = source(HMAC
                + "secret=s3cret\nsignature.payload=v1:{method}:{uri}:{timestamp}:{body}\ntimestamp.header=X-Time\n"
                + "caravan.public-url=https://hooks.example.org/");
        byte[] signed =
                concat(utf8("v1:POST:https://hooks.example.org/webhooks/x?a=b:" + NOW.getEpochSecond() + ":"), body);
        String signature = "sha256=" + HexFormat.of().formatHex(mac("HmacSHA256", signed));

        assertThat(source.verify(request(body, "X-Sig", signature, "X-Time", "" + NOW.getEpochSecond())))
                .isEqualTo(new Verified(0));
    }

    @Test
    void timestampsMayBeSecondsMillisecondsOrIsoWithinTheToleranceInBothDirections() throws Exception {
        Source source = timed();

        for (Duration shift : List.of(Duration.ofMinutes(5), Duration.ZERO, Duration.ofMinutes(-5))) {
            Instant time = NOW.plus(shift);
            for (String text : List.of("" + time.getEpochSecond(), "" + time.toEpochMilli(), time.toString())) {
                assertThat(source.verify(timedRequest(text))).as(text).isEqualTo(new Verified(0));
            }
        }
        assertThat(source.verify(timedRequest(NOW.plusSeconds(301).toString()))).isInstanceOf(Refused.class);
        assertThat(source.verify(timedRequest("" + NOW.minusSeconds(301).getEpochSecond())))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "now",
                "-1",
                "1e9",
                "99999999999999999999999999",
                "99999999999999",
                "2026-03-17T09:00:00",
                "2026-13-17T09:00:00Z",
                "+999999999-01-01T00:00:00Z",
                "١٢٣٤٥٦٧٨٩٠"
            })
    void anUnusableTimestampIsRefusedEvenIfItIsSigned(String text) throws Exception {
        assertThat(timed().verify(timedRequest(text))).isInstanceOf(Refused.class);
    }

    @Test
    void aMissingOrRepeatedTimestampIsRefused() throws Exception {
        IncomingRequest good = timedRequest("" + NOW.getEpochSecond());
        String signature = good.headers().all("X-Sig").get(0);

        assertThat(timed().verify(request(BODY, "X-Sig", signature)))
                .isEqualTo(new Refused("The header X-Time is missing."));
        assertThat(timed().verify(at(
                        NOW,
                        Map.of("X-Sig", List.of(signature), "X-Time", List.of("1", "" + NOW.getEpochSecond())),
                        BODY)))
                .isEqualTo(new Refused("The header X-Time was sent more than once."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preset=koji\nsecret=s-ecret",
                "preset=kejue\nsecret=s-ecret",
                "preset=kejue\nsignature=hmac_sha1\nsecret=s-ecret",
                "preset=standard-webhooks\nsecret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "preset=stripe\nsecret=whsec_s-ecret",
                "preset=slack\nsecret=s-ecret",
                "preset=shopify\nsecret=s-ecret",
                "preset=kejue\nsignature=bearer\nsecret=s-ecret",
                "preset=kejue\nsignature=basic_auth\nsecret=user:s-ecret",
                "signature=token\nsignature.header=X-Token\nevent-type=/event\nsecret=s-ecret",
                "signature=hmac-sha512\nsignature.header=X-Sig\nevent-type=/event\nsecret=s-ecret"
            })
    void everyMalformedHeaderIsCleanlyRefused(String keys) {
        Source source = source(keys);
        Map<String, String> good = source.sign(BODY, "/webhooks/x?a=b", NOW);
        assertThat(source.verify(request(BODY, good))).isEqualTo(new Verified(0));

        // The id of a Shopify delivery is sent, but not signed.
        List<String> read = good.keySet().stream()
                .filter(name -> !name.equals("X-Shopify-Webhook-Id"))
                .toList();
        for (String header : read) {
            String value = good.getOrDefault(header, "");
            Map<String, List<String>> headers = new HashMap<>();
            good.forEach((name, text) -> headers.put(name, List.of(text)));
            for (List<String> bad : List.<List<String>>of(
                    List.of(),
                    List.of(""),
                    List.of("  "),
                    List.of(value, value),
                    List.of(value.substring(0, value.length() - 1)),
                    List.of(value + "0"),
                    List.of("0" + value + value),
                    List.of("ü" + value),
                    List.of(value.substring(0, value.length() - 1) + "é"),
                    List.of("=,== %%% \u0000\uD800"),
                    List.of("v1,"),
                    List.of("Bearer"),
                    List.of("Basic ****"))) {
                headers.put(header, bad);
                assertThat(source.verify(at(NOW, headers, BODY)))
                        .as(header + ": " + bad)
                        .isInstanceOfSatisfying(
                                Refused.class,
                                refused -> assertThat(refused.reason())
                                        .endsWith(".")
                                        .doesNotContain(value));
            }
        }
    }

    @Test
    void upperCaseHexIsRefused() {
        Source source = source(HMAC + "secret=one");
        String good = signed(source, BODY).headers().all("X-Sig").get(0);

        assertThat(source.verify(
                        request(BODY, "X-Sig", "sha256=" + good.substring(7).toUpperCase(Locale.ROOT))))
                .isInstanceOf(Refused.class);
    }

    @Test
    void aChangedByteIsRefused() {
        Source source = source(HMAC + "secret=one");
        Map<String, String> headers = source.sign(BODY, "/", NOW);

        for (int i = 0; i < BODY.length; i++) {
            byte[] changed = BODY.clone();
            changed[i] ^= 1;
            assertThat(source.verify(request(changed, headers))).isInstanceOf(Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HMAC,
                "preset=kejue\nsignature=bearer\n",
                "signature=token\nsignature.header=X-Token\nevent-type=/event\n"
            })
    void whileSecretsRotateEachOfThemVerifies(String keys) {
        Source both = source(keys + "secret=new,old\nsecret.1=with,comma");

        assertThat(both.verify(signed(source(keys + "secret=new"), BODY))).isEqualTo(new Verified(0));
        assertThat(both.verify(signed(source(keys + "secret=old"), BODY))).isEqualTo(new Verified(1));
        assertThat(both.verify(signed(source(keys + "secret.7=with,comma"), BODY)))
                .isEqualTo(new Verified(2));
        assertThat(both.verify(signed(source(keys + "secret=other"), BODY))).isInstanceOf(Refused.class);
    }

    @Test
    void aStripeHeaderMayHoldSeveralSignaturesAndOthersSchemes() {
        Source stripe = source("preset=stripe\nsecret=whsec_one");
        String good = signed(stripe, BODY).headers().all("Stripe-Signature").get(0);
        String time = good.substring(0, good.indexOf(','));
        String signature = good.substring(good.indexOf(',') + 1);

        assertThat(good).startsWith("t=" + NOW.getEpochSecond() + ",v1=");
        assertThat(stripe.verify(request(BODY, "Stripe-Signature", time + ",v1=00, " + signature + ",v0=11")))
                .isEqualTo(new Verified(0));
        assertThat(stripe.verify(request(BODY, "Stripe-Signature", time + "," + signature.replace("v1=", "v0="))))
                .isInstanceOf(Refused.class);
        assertThat(stripe.verify(request(BODY, "Stripe-Signature", "t=1," + time + "," + signature)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void withoutASecretNothingIsVerified() {
        for (String keys : List.of(HMAC, "preset=koji", "preset=koji\nsecret=", "preset=kejue\nsignature=bearer")) {
            assertThat(source(keys).hasSecret()).isFalse();
            assertThat(source(keys).verify(request(BODY))).isEqualTo(new NoSecret());
            assertThat(source(keys).sign(BODY, "/", NOW)).isEmpty();
        }
    }

    @Test
    void theNameOfAnAuthenticationSchemeHasNoCase() {
        Source source = source("signature=bearer\nevent-type=/event\nsecret=one");

        assertThat(source.verify(request(BODY, "authorization", "bearer one"))).isEqualTo(new Verified(0));
        assertThat(source.verify(request(BODY, "authorization", "Bearer  one"))).isInstanceOf(Refused.class);
        assertThat(source.secretHeaderNames()).containsExactly("authorization");
    }

    private static Source timed() {
        return source(HMAC + "secret=s3cret\nsignature.payload={timestamp}.{body}\ntimestamp.header=X-Time\n");
    }

    private static IncomingRequest timedRequest(String time) throws GeneralSecurityException {
        byte[] mac = mac("HmacSHA256", concat(utf8(time + "."), BODY));
        return request(BODY, "X-Sig", "sha256=" + HexFormat.of().formatHex(mac), "X-Time", time);
    }

    private static IncomingRequest at(Instant time, Map<String, List<String>> headers, byte[] body) {
        return new IncomingRequest("POST", "/webhooks/x?a=b", Headers.of(headers), body, time);
    }

    private static byte[] mac(String algorithm, byte[] signed) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(utf8("s3cret"), algorithm));
        return mac.doFinal(signed);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

package dev.caravan.source;

import static dev.caravan.source.Sources.BODY;
import static dev.caravan.source.Sources.NOW;
import static dev.caravan.source.Sources.source;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes of a request, it gets an answer. The seed is fixed, so a failure repeats. */
class ArbitraryBytesTest {
    private static final int ROUNDS = 3_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preset=koji\nsecret=one",
                "preset=kejue\nsecret=one",
                "preset=kejue\nsignature=basic\nsecret=a:b",
                "preset=standard-webhooks\nsecret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "preset=stripe\nsecret=one",
                "preset=slack\nsecret=one",
                "preset=shopify\nsecret=one",
                "preset=github\nsecret=one",
                "preset=koji\nsecret=one\nevents=/data/items\nevent-time=/data",
                "preset=koji\nsecret=one\nevents=/"
            })
    void nothingThrowsAndNothingForgedVerifies(String keys) {
        Random random = new Random(20_261_121);
        Source source = source(keys);
        Map<String, String> good = source.sign(BODY, "/", NOW, "push");
        List<String> authorization = List.of(good.getOrDefault("Authorization", ""));
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            good.forEach((name, value) -> headers.put(name, values(random, value)));
            byte[] body =
                    mutated(random, random.nextBoolean() ? BODY : Sources.sample("koji/interview.completed.json"));
            IncomingRequest request = new IncomingRequest("POST", "/", Headers.of(headers), body, NOW);

            // A bearer's or basic header says nothing about the body.
            boolean genuine = source.secretHeaderNames().contains("authorization")
                    && request.headers().all("Authorization").equals(authorization);
            assertThat(source.verify(request))
                    .isInstanceOf(genuine ? Verification.Verified.class : Verification.Refused.class);
            assertThat(source.identify(request)).isNotNull();
        }
    }

    private static List<String> values(Random random, String good) {
        List<String> values = new ArrayList<>();
        for (int count = random.nextInt(4) == 0 ? random.nextInt(3) : 1; count > 0; count--) {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            values.add(new String(
                    random.nextBoolean() ? bytes : mutated(random, bytes),
                    random.nextBoolean() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
        }
        return values;
    }

    /** Differs from the original in at least one byte. */
    private static byte[] mutated(Random random, byte[] original) {
        byte[] bytes = original.clone();
        if (random.nextInt(5) == 0) {
            bytes = new byte[random.nextInt(64) + 1];
            random.nextBytes(bytes);
            return bytes;
        }
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        bytes[0] ^= (byte) (bytes[0] == original[0] ? 1 : 0);
        return bytes;
    }
}

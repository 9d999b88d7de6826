package dev.caravan.receive;

import dev.caravan.settings.Settings;
import java.time.Duration;

/**
 * The bounds of the public listener.
 *
 * @param maxBody bytes of a request's body
 * @param maxInFlight requests that wait for their answer, or for their commit after it
 * @param maxInFlightBytes bytes of their bodies together, since none of them is verified before it is whole
 * @param answerWithin after which a request is answered 503: below the 5 s after which Kejue gives up
 */
public record ReceiveSettings(long maxBody, int maxInFlight, long maxInFlightBytes, Duration answerWithin) {

    public static ReceiveSettings read(Settings settings) {
        return new ReceiveSettings(
                settings.bytes("caravan.http.max-body", 1 << 20),
                settings.count("caravan.http.max-in-flight", 2_000, 1, 1_000_000),
                settings.bytes("caravan.http.max-in-flight-bytes", 128L << 20),
                Duration.ofSeconds(4));
    }
}

package dev.caravan.delivery;

import dev.caravan.settings.Settings;
import java.time.Duration;
import java.util.List;

/**
 * What holds for every automation that does not say otherwise.
 *
 * @param retry the waits between attempts
 * @param concurrency deliveries of one automation that run at once on a node
 * @param timeout of one attempt
 * @param stepState bytes at most that one step's message is stored in, for the attempts after it
 */
public record DeliverySettings(List<Duration> retry, int concurrency, Duration timeout, long stepState) {
    private static final List<Duration> RETRY = List.of(
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(6),
            Duration.ofHours(24));

    public static DeliverySettings read(Settings settings) {
        return new DeliverySettings(
                settings.durations("caravan.delivery.retry", RETRY),
                settings.count("caravan.delivery.concurrency", 16, 1, 1_000),
                settings.duration("caravan.delivery.timeout", Duration.ofMinutes(2)),
                settings.bytes("caravan.delivery.step-state", 1L << 20));
    }
}

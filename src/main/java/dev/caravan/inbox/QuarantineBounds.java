package dev.caravan.inbox;

import dev.caravan.settings.Settings;
import java.time.Duration;

/**
 * What quarantine may hold.
 *
 * @param entries different bodies
 * @param bytes of bodies and headers together
 * @param age since a request last came
 */
public record QuarantineBounds(int entries, long bytes, Duration age) {
    /** What holds where nothing is configured. */
    public static final QuarantineBounds DEFAULT = new QuarantineBounds(10_000, 256L << 20, Duration.ofDays(30));

    public static QuarantineBounds read(Settings settings) {
        return new QuarantineBounds(
                settings.count("caravan.quarantine.entries", DEFAULT.entries(), 1, 10_000_000),
                settings.bytes("caravan.quarantine.bytes", DEFAULT.bytes()),
                settings.duration("caravan.quarantine.age", DEFAULT.age()));
    }
}

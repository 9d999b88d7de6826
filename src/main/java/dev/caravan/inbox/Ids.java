package dev.caravan.inbox;

import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Makes ids: a prefix and a ULID (48 bits of time in milliseconds, 80 random bits, Crockford base 32), so that ids sort
 * by the time they were made. Not a secret: they can be guessed by who sees others.
 */
final class Ids {
    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int TIME_CHARS = 10;
    private static final int RANDOM_CHARS = 16;

    private final Clock clock;
    private final RandomGenerator random;

    Ids(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** What every id that is made from the given time on sorts after. */
    static String first(String prefix, Instant time) {
        return dated(prefix, Math.max(0, time.toEpochMilli())).toString();
    }

    String next(String prefix) {
        StringBuilder id = dated(prefix, clock.millis());
        long bits = 0;
        for (int i = 0; i < RANDOM_CHARS; i++) {
            if (i % 8 == 0) {
                bits = random.nextLong();
            }
            id.append(ALPHABET[(int) bits & 31]);
            bits >>>= 5;
        }
        return id.toString();
    }

    private static StringBuilder dated(String prefix, long millis) {
        StringBuilder id = new StringBuilder(prefix.length() + TIME_CHARS + RANDOM_CHARS).append(prefix);
        for (int shift = (TIME_CHARS - 1) * 5; shift >= 0; shift -= 5) {
            id.append(ALPHABET[(int) (millis >>> shift) & 31]);
        }
        return id;
    }
}

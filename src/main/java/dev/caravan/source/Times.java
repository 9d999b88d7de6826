package dev.caravan.source;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Points in time as vendors write them. */
final class Times {
    /** Unix times from here on are milliseconds: as seconds this is the year 5138, as milliseconds 1973. */
    private static final long FIRST_MILLISECOND = 100_000_000_000L;

    private static final int DIGITS_LIMIT = 14;
    private static final int TEXT_LIMIT = 40;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private Times() {}

    /** Unix seconds, Unix milliseconds or ISO 8601 with an offset, from 1970 to 9999; null for anything else. */
    static @Nullable Instant parse(String text) {
        if (text.isEmpty() || text.length() > TEXT_LIMIT) {
            return null;
        }
        return isDigits(text) ? unix(text) : iso(text);
    }

    private static @Nullable Instant unix(String digits) {
        if (digits.length() > DIGITS_LIMIT) {
            return null;
        }
        long value = Long.parseLong(digits);
        return value < FIRST_MILLISECOND ? Instant.ofEpochSecond(value) : Instant.ofEpochMilli(value);
    }

    private static @Nullable Instant iso(String text) {
        // Spares the exception for what cannot be a date.
        if (text.length() < 17 || text.charAt(4) != '-') {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST) ? null : instant;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}

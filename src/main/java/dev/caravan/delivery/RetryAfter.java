package dev.caravan.delivery;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code Retry-After} header (RFC 9110, 10.2.3): seconds, or an HTTP date. */
public final class RetryAfter {
    private RetryAfter() {}

    /** The wait that the header asks for, zero if its date has passed; empty if there is none or it is neither form. */
    public static Optional<Duration> parse(@Nullable String value, Clock clock) {
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        String text = value.strip();
        if (text.chars().allMatch(character -> character >= '0' && character <= '9')) {
            return Optional.of(Duration.ofSeconds(text.length() > 9 ? 999_999_999L : Long.parseLong(text)));
        }
        try {
            ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(clock.instant(), date.toInstant());
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }

    /** The same from an answer's headers, whatever the case of their names. */
    public static Optional<Duration> of(@Nullable Map<String, String> headers, Clock clock) {
        return headers == null
                ? Optional.empty()
                : headers.entrySet().stream()
                        .filter(header -> "retry-after".equalsIgnoreCase(header.getKey()))
                        .findFirst()
                        .flatMap(header -> parse(header.getValue(), clock));
    }
}

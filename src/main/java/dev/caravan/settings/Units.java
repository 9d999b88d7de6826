package dev.caravan.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Durations and sizes as people write them. */
public final class Units {
    private static final int DIGITS_LIMIT = 12;

    private Units() {}

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h} or {@code 7d}; empty for anything else. */
    public static Optional<Duration> duration(String text) {
        int digits = digits(text);
        if (digits == 0) {
            return Optional.empty();
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Optional.of(Duration.ofMillis(amount));
            case "s" -> Optional.of(Duration.ofSeconds(amount));
            case "m" -> Optional.of(Duration.ofMinutes(amount));
            case "h" -> Optional.of(Duration.ofHours(amount));
            case "d" -> Optional.of(Duration.ofDays(amount));
            default -> Optional.empty();
        };
    }

    /** Durations separated by commas; empty if one of them is not a duration. */
    static Optional<List<Duration>> durations(String text) {
        List<Duration> all = new ArrayList<>();
        for (String part : Lists.split(text)) {
            Optional<Duration> one = duration(part);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            all.add(one.get());
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(all));
    }

    /** {@code 1048576}, {@code 64KiB}, {@code 1MiB} or {@code 2GiB}, in bytes; empty for anything else. */
    static Optional<Long> bytes(String text) {
        int digits = digits(text);
        if (digits == 0) {
            return Optional.empty();
        }
        long amount = Long.parseLong(text.substring(0, digits));
        int shift = switch (text.substring(digits).strip()) {
            case "", "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> -1;
        };
        return shift < 0 || amount > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(amount << shift);
    }

    /** A whole number from min to max; empty for anything else. */
    public static Optional<Integer> whole(String text, int min, int max) {
        try {
            int number = Integer.parseInt(text);
            return number >= min && number <= max ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int digits(String text) {
        int length = 0;
        while (length < text.length() && text.charAt(length) >= '0' && text.charAt(length) <= '9') {
            length++;
        }
        return length > DIGITS_LIMIT ? 0 : length;
    }
}

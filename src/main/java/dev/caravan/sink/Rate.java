package dev.caravan.sink;

import dev.caravan.settings.Units;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many requests in so much time.
 *
 * @param requests at least 1
 * @param per longer than zero
 */
public record Rate(int requests, Duration per) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*/\\s*(\\d*)\\s*(ms|s|m|h|d)");

    /** Throws IllegalArgumentException where it is no rate. */
    public Rate {
        if (requests < 1 || per.isZero() || per.isNegative()) {
            throw new IllegalArgumentException("A rate needs at least one request in a time longer than zero");
        }
    }

    /** {@code 5/s}, {@code 100/10s}, {@code 300/m}; empty where the text is none. */
    public static Optional<Rate> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        int requests = Integer.parseInt(form.group(1));
        String amount = form.group(2).isEmpty() ? "1" : form.group(2);
        return Units.duration(amount + form.group(3))
                .filter(per -> requests > 0 && !per.isZero())
                .map(per -> new Rate(requests, per));
    }

    static Rate perSecond(int requests) {
        return new Rate(requests, Duration.ofSeconds(1));
    }
}

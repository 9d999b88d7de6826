package dev.caravan.sink.atlassian;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * How the answers of Jira's and Confluence's REST APIs are read. What they refuse for their limits has status 429 with
 * {@code Retry-After} or {@code X-RateLimit-Reset}, and {@code RateLimit-Reason} names the limit:
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/.
 *
 * @param product its name in messages
 */
public record AtlassianRules(String product) implements VendorRules {
    private static final int TOO_MANY = 429;
    private static final int MOST_FIELDS = 5;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,60}");

    @Override
    public Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        if (answer.isSuccess()) {
            return Optional.empty();
        }
        String message = product + " answered " + answer.status();
        Duration wait =
                answer.retryAfter(clock).or(() -> untilReset(answer, clock)).orElse(null);
        if (answer.status() == TOO_MANY) {
            String reason = answer.header("ratelimit-reason")
                    .filter(PLAIN.asMatchPredicate())
                    .map(limit -> " (" + limit + ")")
                    .orElse("");
            return Optional.of(StepFailure.limited(message + reason, TOO_MANY, wait, answer.text()));
        }
        return Optional.of(StepFailure.ofStatus(message + fields(answer), answer.status(), wait, answer.text()));
    }

    private static Optional<Duration> untilReset(VendorAnswer answer, Clock clock) {
        if (answer.status() != TOO_MANY) {
            return Optional.empty();
        }
        return answer.header("x-ratelimit-reset").flatMap(AtlassianRules::time).map(reset -> {
            Duration wait = Duration.between(clock.instant(), reset);
            return wait.isNegative() ? Duration.ZERO : wait;
        });
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.strip()).toInstant());
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /** The names of the fields that a Jira error collection complains of; its texts may quote values. */
    private static String fields(VendorAnswer answer) {
        Iterable<String> names = () -> answer.json().path("errors").fieldNames();
        String known = StreamSupport.stream(names.spliterator(), false)
                .filter(PLAIN.asMatchPredicate())
                .limit(MOST_FIELDS)
                .collect(Collectors.joining(", "));
        return known.isEmpty() ? "" : " because of " + known;
    }
}

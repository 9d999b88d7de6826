package dev.caravan.sink.sendgrid;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What SendGrid's answers mean (twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api: errors, rate-limits):
 * 202 is success; a 429 says in {@code X-RateLimit-Reset}, Unix seconds, when to come again; after a 5xx, 503 included, the
 * message may have been taken.
 */
final class SendGridAnswers implements VendorRules {
    private static final String NAME = "SendGrid";
    private static final int TOO_MANY = 429;

    @Override
    public Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        if (answer.isSuccess()) {
            return Optional.empty();
        }
        String message = NAME + " answered " + answer.status();
        if (answer.status() == TOO_MANY) {
            return Optional.of(StepFailure.limited(message, TOO_MANY, untilReset(answer, clock), answer.text()));
        }
        return Optional.of(
                answer.status() >= 500
                        ? StepFailure.ofBody(
                                StepFailure.Kind.UNSURE,
                                message,
                                answer.status(),
                                answer.retryAfter(clock).orElse(null),
                                answer.text())
                        : VendorRules.statusFailure(NAME, answer, clock));
    }

    private static @Nullable Duration untilReset(VendorAnswer answer, Clock clock) {
        String reset = answer.header("x-ratelimit-reset").orElse("");
        if (!reset.strip().matches("\\d{1,12}")) {
            return answer.retryAfter(clock).orElse(null);
        }
        Duration wait = Duration.between(clock.instant(), Instant.ofEpochSecond(Long.parseLong(reset.strip())));
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}

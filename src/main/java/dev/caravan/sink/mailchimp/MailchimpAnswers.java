package dev.caravan.sink.mailchimp;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.util.Optional;

/**
 * What the Marketing API's answers mean (mailchimp.com/developer/marketing/docs/fundamentals and /errors): errors are
 * {@code application/problem+json} with a fixed title for each kind; a 429, and at high volume a 403 without JSON, says that
 * too much was asked at once.
 */
final class MailchimpAnswers implements VendorRules {
    private static final String NAME = "Mailchimp";

    @Override
    public Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        if (answer.isSuccess()) {
            return Optional.empty();
        }
        boolean bare = answer.json().isMissingNode();
        int status = answer.status();
        if (status == 429 || (status == 403 && bare)) {
            return Optional.of(StepFailure.limited(
                    NAME + " answered " + status + ": it was asked too much at once",
                    status,
                    answer.retryAfter(clock).orElse(null),
                    answer.text()));
        }
        return Optional.of(StepFailure.ofStatus(
                NAME + " answered " + status + title(answer),
                status,
                answer.retryAfter(clock).orElse(null),
                answer.text()));
    }

    private static String title(VendorAnswer answer) {
        String title = answer.json().path("title").asText();
        return title.matches("[A-Za-z ]{1,60}") ? " (" + title + ")" : "";
    }
}

package dev.caravan.sink;

import com.slack.api.methods.SlackApiException;
import dev.caravan.delivery.RetryAfter;
import dev.caravan.delivery.StepFailure;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelExchangeException;
import org.jspecify.annotations.Nullable;

/**
 * What Slack's answers mean: the status for webhooks, the {@code error} of an {@code ok:false} for the Web API, whose
 * status is 200 then (chat.postMessage reference).
 */
final class SlackFailures {
    private static final Set<String> PASSING = Set.of(
            "ratelimited",
            "rate_limited",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org",
            "org_login_required");
    /** "It's possible some aspect of the operation succeeded": chat.postMessage reference. */
    private static final Set<String> UNSURE = Set.of("internal_error", "fatal_error");

    // camel-slack tells an answer only as text: the toString() of the client's response.
    private static final Pattern WEBHOOK_STATUS = Pattern.compile("WebhookResponse\\(code=(\\d{3}),");
    private static final Pattern RETRY_AFTER = Pattern.compile("(?i)retry-after=\\[([^\\]]*)\\]");
    private static final Pattern API_ERROR = Pattern.compile("[(, ]error=([a-z_]+)[,)]");

    private final Clock clock;

    SlackFailures(Clock clock) {
        this.clock = clock;
    }

    /** What camel-slack or the Slack client threw. */
    StepFailure of(Throwable failure) {
        if (failure instanceof SlackApiException api) {
            return ofApi(api);
        }
        if (failure instanceof IOException broken) {
            return TransportFailures.of(broken, "Slack");
        }
        if (failure instanceof CamelExchangeException told && told.getMessage() != null) {
            return ofCamelSlack(told.getMessage());
        }
        // Whatever else the client throws, it throws while reading an answer.
        return StepFailure.unsure(
                "Slack's answer could not be read (" + failure.getClass().getSimpleName() + ")", null);
    }

    StepFailure ofStatus(int status, @Nullable String retryAfter, @Nullable String body) {
        return StepFailure.ofStatus(
                "Slack answered " + status,
                status,
                RetryAfter.parse(retryAfter, clock).orElse(null),
                body);
    }

    /** @param error of an {@code ok:false}, null if it has none */
    StepFailure ofError(@Nullable String error, @Nullable String retryAfter) {
        String name = error == null ? "no error name" : error;
        StepFailure.Kind kind = PASSING.contains(name)
                ? StepFailure.Kind.PASSING
                : UNSURE.contains(name) ? StepFailure.Kind.UNSURE : StepFailure.Kind.PERMANENT;
        return StepFailure.ofBody(
                kind,
                "Slack refused the message: " + name,
                200,
                RetryAfter.parse(retryAfter, clock).orElse(null),
                null);
    }

    private StepFailure ofApi(SlackApiException failure) {
        int status = failure.getResponse().code();
        String wait = failure.getResponse().header("Retry-After");
        // A 200 ends here only if its body is no JSON, so it does not come from Slack's API.
        return status == 200
                ? StepFailure.unsure("Slack answered 200 with a body that is not its API's", null)
                : ofStatus(status, wait, failure.getResponseBody());
    }

    private StepFailure ofCamelSlack(String message) {
        String wait = first(RETRY_AFTER, message);
        String status = first(WEBHOOK_STATUS, message);
        return status != null
                ? ofStatus(Integer.parseInt(status), wait, null)
                : ofError(first(API_ERROR, message), wait);
    }

    private static @Nullable String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }
}

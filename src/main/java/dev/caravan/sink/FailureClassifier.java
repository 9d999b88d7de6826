package dev.caravan.sink;

import com.slack.api.methods.SlackApiException;
import dev.caravan.delivery.RetryAfter;
import dev.caravan.delivery.StepFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.NoSuchHeaderOrPropertyException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.ValidationException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.language.bean.RuntimeBeanExpressionException;
import org.jspecify.annotations.Nullable;

/**
 * What the failure of any step means: of our sinks, of Camel's own HTTP, JDBC and Slack components in a user's route,
 * and of everything else. What is not known passes: it is retried on schedule rather than given up.
 *
 * <p>The messages are its own: those of the exceptions quote URLs, rows and payloads. Safe for use by several threads.
 */
public final class FailureClassifier {
    private final Clock clock;

    /** A classifier that reads {@code Retry-After} dates by this clock. */
    public FailureClassifier(Clock clock) {
        this.clock = clock;
    }

    /** The step failure in the exception's chain of causes, or the one that the chain means. */
    public StepFailure classify(Throwable failure) {
        return firstKnown(failure)
                .orElseGet(() -> StepFailure.passing(
                        "The step failed with " + failure.getClass().getSimpleName(), null));
    }

    /** What a status means; {@code message} is completed with it. */
    StepFailure ofStatus(String message, int status, @Nullable String retryAfter) {
        return StepFailure.ofStatus(
                message + status, status, RetryAfter.parse(retryAfter, clock).orElse(null), null);
    }

    private Optional<StepFailure> firstKnown(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 32; depth++) {
            StepFailure known = known(cause);
            if (known != null) {
                return Optional.of(known);
            }
            cause = cause.getCause();
        }
        return isAuthorsMistake(failure)
                ? Optional.of(StepFailure.permanent(
                        "The step failed with " + failure.getClass().getSimpleName() + ": mend the route or its data"))
                : Optional.empty();
    }

    private @Nullable StepFailure known(Throwable cause) {
        if (cause instanceof StepFailure stepFailure) {
            return stepFailure;
        }
        if (cause instanceof HttpOperationFailedException http) {
            return StepFailure.ofStatus(
                    "The destination answered " + http.getStatusCode(),
                    http.getStatusCode(),
                    RetryAfter.of(http.getResponseHeaders(), clock).orElse(null),
                    http.getResponseBody());
        }
        if (cause instanceof SlackApiException slack) {
            return new SlackFailures(clock).of(slack);
        }
        if (cause instanceof SQLException sql) {
            return SqlFailures.of(sql, "The database");
        }
        if (cause instanceof ExchangeTimedOutException) {
            return StepFailure.unsure("The step was given up waiting for an answer", null);
        }
        boolean fromNetwork = cause instanceof IOException && !(cause instanceof FileNotFoundException);
        return fromNetwork ? TransportFailures.of((IOException) cause, "the destination") : null;
    }

    private static boolean isAuthorsMistake(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 32; depth++) {
            if (cause instanceof ExpressionEvaluationException
                    || cause instanceof ExpressionIllegalSyntaxException
                    || cause instanceof RuntimeBeanExpressionException
                    || cause instanceof NoSuchBeanException
                    || cause instanceof NoSuchEndpointException
                    || cause instanceof NoSuchHeaderOrPropertyException
                    || cause instanceof NoTypeConversionAvailableException
                    || cause instanceof TypeConversionException
                    || cause instanceof ValidationException
                    || cause instanceof IllegalArgumentException
                    || cause instanceof ClassCastException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}

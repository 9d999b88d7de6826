package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.FailureClassifier;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.component.salesforce.api.dto.RestError;
import org.jspecify.annotations.Nullable;

/**
 * What Salesforce's refusals mean, by their error codes first (developer.salesforce.com, REST API, status codes and error
 * responses). Messages name codes and fields, never values.
 */
final class SalesforceFailures {
    /** The quota is one of 24 hours, of which each hour frees a part. */
    private static final Duration QUOTA = Duration.ofHours(1);
    /** Too many requests that run at the same time. */
    private static final Duration CONCURRENCY = Duration.ofMinutes(1);

    private static final String LIMIT = "REQUEST_LIMIT_EXCEEDED";
    private static final String HALTED = "PROCESSING_HALTED";
    private static final Set<String> PASSING = Set.of(
            "UNABLE_TO_LOCK_ROW",
            "SERVER_UNAVAILABLE",
            "INVALID_SESSION_ID",
            "QUERY_TIMEOUT",
            "REQUEST_RUNNING_TOO_LONG");
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.]{1,80}");

    private final FailureClassifier transport;

    SalesforceFailures(Clock clock) {
        this.transport = new FailureClassifier(clock);
    }

    /** An error of Salesforce's. */
    record Problem(String code, String message, List<String> fields) {
        static Problem of(RestError error) {
            return new Problem(
                    text(error.getErrorCode()),
                    text(error.getMessage()),
                    error.getFields() == null ? List.of() : List.copyOf(error.getFields()));
        }

        static Problem of(JsonNode error) {
            List<String> fields = new ArrayList<>();
            error.path("fields").forEach(field -> fields.add(field.asText()));
            String code =
                    error.path("errorCode").asText(error.path("statusCode").asText());
            return new Problem(code, error.path("message").asText(), fields);
        }

        /** Whether it says only that another part of the request has failed. */
        boolean isHalted() {
            return code.equals(HALTED);
        }

        /** The code and the fields, as far as they look like names. */
        String names() {
            String named = fields.stream()
                    .filter(field -> CODE.matcher(field).matches())
                    .collect(Collectors.joining(", "));
            return (CODE.matcher(code).matches() ? code : "an unknown error") + (named.isEmpty() ? "" : " at " + named);
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }

    /**
     * The failure of a request.
     *
     * @param changes whether the request may have changed something, should its answer be lost
     */
    StepFailure of(Throwable failure, boolean changes) {
        if (failure instanceof SalesforceException refused && refused.getStatusCode() >= 300) {
            List<Problem> problems = refused.getErrors() == null
                    ? List.of()
                    : refused.getErrors().stream().map(Problem::of).toList();
            return refused(refused.getStatusCode(), problems, changes);
        }
        return lost(failure, changes);
    }

    /** The failure that a status and the errors in its body mean. */
    static StepFailure refused(int status, List<Problem> problems, boolean changes) {
        Problem first = problems.stream()
                .filter(problem -> !problem.isHalted())
                .findFirst()
                .orElseGet(() -> problems.isEmpty() ? new Problem("", "", List.of()) : problems.get(0));
        String what = "Salesforce answered " + status + (first.code().isEmpty() ? "" : ", " + first.names());
        String excerpt = first.message().isEmpty() ? null : first.code() + ": " + first.message();
        if (first.code().equals(LIMIT)) {
            boolean atOnce = first.message().toLowerCase(Locale.ROOT).contains("concurrent");
            return StepFailure.limited(what, status, atOnce ? CONCURRENCY : QUOTA, excerpt);
        }
        return StepFailure.ofBody(kind(status, first.code(), changes), what, status, null, excerpt);
    }

    private static Kind kind(int status, String code, boolean changes) {
        if (PASSING.contains(code)) {
            return Kind.PASSING;
        }
        return switch (status) {
            case 401, 408, 425, 429, 503 -> Kind.PASSING;
            default -> status < 500 ? Kind.PERMANENT : changes ? Kind.UNSURE : Kind.PASSING;
        };
    }

    /** No answer, or one that cannot be read; without the cause, whose message quotes the request. */
    private StepFailure lost(Throwable failure, boolean changes) {
        StepFailure known = transport.classify(failure);
        boolean beforeSending = known.kind() == Kind.PASSING && known.getCause() != null;
        if (beforeSending || !changes) {
            return StepFailure.passing("No answer from Salesforce", null);
        }
        return StepFailure.unsure("The answer of Salesforce was lost", null);
    }

    /** The failure of a login: nothing has happened yet. */
    static StepFailure login(SalesforceException failure) {
        int status = failure.getStatusCode();
        String code = failure.getErrors() == null || failure.getErrors().isEmpty()
                ? ""
                : Problem.of(failure.getErrors().get(0)).names();
        if (status < 400 || status >= 500 || status == 408 || status == 429) {
            return StepFailure.passing("The login at Salesforce did not succeed (status " + status + ")", null);
        }
        return StepFailure.ofBody(
                Kind.PERMANENT,
                "Salesforce refused the login (" + (code.isEmpty() ? "status " + status : code)
                        + "): check loginUrl, clientId and the secret or key",
                status,
                null,
                null);
    }
}

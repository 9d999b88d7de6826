package dev.caravan.sink.linear;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How Linear's answers are read. A status of 200 may carry errors, and a rate limit may have status 400: what counts is
 * {@code errors[].extensions}, whose {@code type} and {@code code} are those of {@code packages/sdk/src/error.ts} in
 * https://github.com/linear/linear, here without case, spaces and underscores.
 */
final class LinearRules implements VendorRules {

    /** What an error says of the request. */
    enum Refusal {
        LIMITED,
        /** The input does not do; also where the id exists, or does not. */
        INPUT,
        REFUSED,
        PASSING,
        UNKNOWN
    }

    private static final int TOO_MANY = 429;

    /** What the first error says; empty where there is none. */
    static Optional<Refusal> refusal(VendorAnswer answer) {
        JsonNode errors = answer.json().path("errors");
        if (!errors.isArray() || errors.isEmpty()) {
            return Optional.empty();
        }
        JsonNode extensions = errors.get(0).path("extensions");
        Refusal byType = meaning(extensions.path("type").asText());
        Refusal known =
                byType == Refusal.UNKNOWN ? meaning(extensions.path("code").asText()) : byType;
        return Optional.of(known == Refusal.UNKNOWN && answer.status() == TOO_MANY ? Refusal.LIMITED : known);
    }

    private static Refusal meaning(String name) {
        return switch (name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "")) {
            case "ratelimited" -> Refusal.LIMITED;
            case "invalidinput", "inputerror", "usererror", "badusererror", "entitynotfound" -> Refusal.INPUT;
            case "authenticationerror",
                    "forbidden",
                    "usagelimitexceeded",
                    "featurenotaccessible",
                    "graphqlerror",
                    "graphqlvalidationfailed",
                    "graphqlparsefailed",
                    "badrequest" -> Refusal.REFUSED;
            case "locktimeout" -> Refusal.PASSING;
            default -> Refusal.UNKNOWN;
        };
    }

    @Override
    public Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        Optional<Refusal> refusal = refusal(answer);
        if (refusal.isEmpty()) {
            return VendorRules.byStatus("Linear").failure(answer, clock);
        }
        return Optional.of(
                switch (refusal.get()) {
                    case LIMITED ->
                        StepFailure.limited(
                                "Linear's rate limit is reached",
                                answer.status(),
                                wait(answer, clock).orElse(null),
                                answer.text());
                    case INPUT -> failure(Kind.PERMANENT, "Linear does not take the input", answer, clock);
                    case REFUSED -> failure(Kind.PERMANENT, "Linear refused the request", answer, clock);
                    case PASSING -> failure(Kind.PASSING, "Linear could not do the request now", answer, clock);
                    case UNKNOWN -> failure(Kind.UNSURE, "Linear answered with an error of its own", answer, clock);
                });
    }

    private static StepFailure failure(Kind kind, String what, VendorAnswer answer, Clock clock) {
        return StepFailure.ofBody(
                kind,
                what + " (status " + answer.status() + ")",
                answer.status(),
                answer.retryAfter(clock).orElse(null),
                answer.text());
    }

    /** {@code Retry-After}, else the time at which the bucket is full again, in milliseconds since 1970. */
    private static Optional<Duration> wait(VendorAnswer answer, Clock clock) {
        return answer.retryAfter(clock)
                .or(() -> answer.header("x-ratelimit-requests-reset")
                        .filter(text -> text.matches("\\d{12,14}"))
                        .map(text -> Duration.between(clock.instant(), Instant.ofEpochMilli(Long.parseLong(text))))
                        .filter(wait -> !wait.isNegative()));
    }
}

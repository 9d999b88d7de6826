package dev.caravan.sink.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What HubSpot's answers mean (developers.hubspot.com, API usage guidelines and error handling; the limit's body as in
 * HubSpot/hubspot-api-python#117). A batch may fail with a status of success: its body decides.
 */
final class HubspotRules implements VendorRules {
    private static final Duration ROLLING = Duration.ofSeconds(10);
    /** The day's quota begins anew at midnight where the account is, which is not told. */
    private static final Duration LEAST_UNTIL_TOMORROW = Duration.ofHours(1);

    private static final Pattern WORD = Pattern.compile("[A-Z0-9_]{1,60}");
    private static final int LOCKED = 423;
    private static final int MIGRATING = 477;

    @Override
    public Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        if (!answer.isSuccess()) {
            return Optional.of(refused(answer, clock));
        }
        return firstError(answer.json()).map(error -> inBatch(error, answer, clock));
    }

    /** A batch that was read tells of records that are gone, beside those that are there. */
    private static Optional<JsonNode> firstError(JsonNode body) {
        boolean someFound = !body.path("results").isEmpty();
        for (JsonNode error : body.path("errors")) {
            boolean gone = error.path("category").asText().equals("OBJECT_NOT_FOUND");
            if (!(gone && someFound)) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }

    private static StepFailure refused(VendorAnswer answer, Clock clock) {
        int status = answer.status();
        if (status == 429) {
            return limited(answer.json(), answer, clock);
        }
        String what = what(status, answer.json());
        if (status == LOCKED || status == MIGRATING) {
            return StepFailure.ofBody(
                    Kind.PASSING, what, status, answer.retryAfter(clock).orElse(null), answer.text());
        }
        return StepFailure.ofStatus(what, status, answer.retryAfter(clock).orElse(null), answer.text());
    }

    private static StepFailure limited(JsonNode body, VendorAnswer answer, Clock clock) {
        boolean daily =
                body.path("policyName").asText().toUpperCase(Locale.ROOT).startsWith("DAILY");
        Duration wait = answer.retryAfter(clock).orElseGet(() -> daily ? untilTomorrow(clock) : ROLLING);
        String what = daily ? "HubSpot takes no more requests today" : "HubSpot takes no more requests at once";
        return StepFailure.limited(what, answer.status(), wait, answer.text());
    }

    private static Duration untilTomorrow(Clock clock) {
        Instant now = clock.instant();
        Instant midnight = now.atOffset(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .plusDays(1)
                .toInstant();
        Duration wait = Duration.between(now, midnight);
        return wait.compareTo(LEAST_UNTIL_TOMORROW) < 0 ? LEAST_UNTIL_TOMORROW : wait;
    }

    /** An error of the one record in a batch. */
    private static StepFailure inBatch(JsonNode error, VendorAnswer answer, Clock clock) {
        String category = error.path("category").asText();
        if (category.startsWith("RATE_LIMIT")) {
            return limited(error, answer, clock);
        }
        return StepFailure.ofBody(Kind.PERMANENT, what(answer.status(), error), answer.status(), null, answer.text());
    }

    private static String what(int status, JsonNode error) {
        String category = error.path("category").asText();
        return "HubSpot answered " + status + (WORD.matcher(category).matches() ? ", " + category : "");
    }
}

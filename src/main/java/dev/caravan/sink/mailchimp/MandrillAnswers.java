package dev.caravan.sink.mailchimp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the answers of {@code messages/send} mean (mailchimp.com/developer/transactional/api/messages, its OpenAPI file): a
 * 200 tells the fate of each recipient; an error names itself in its body whatever its status, which is 500 for most.
 */
final class MandrillAnswers implements VendorRules {
    private static final String NAME = "Mandrill";
    private static final Set<String> TAKEN = Set.of("sent", "queued", "scheduled");
    private static final Map<String, Kind> NOT_PERMANENT =
            Map.of("GeneralError", Kind.UNSURE, "ServiceUnavailable", Kind.PASSING);
    private static final String TOO_MANY = "RequestLimitExceeded";

    @Override
    public Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        return answer.isSuccess() ? ofRecipients(answer) : Optional.of(ofError(answer, clock));
    }

    private static Optional<StepFailure> ofRecipients(VendorAnswer answer) {
        JsonNode recipients = answer.json();
        if (!recipients.isArray() || recipients.isEmpty()) {
            return Optional.of(StepFailure.ofBody(
                    Kind.UNSURE,
                    NAME + " answered " + answer.status() + " with a body that is not its API's",
                    answer.status(),
                    null,
                    answer.text()));
        }
        int refused = 0;
        Set<String> reasons = new TreeSet<>();
        for (JsonNode recipient : recipients) {
            String status = recipient.path("status").asText();
            if (!TAKEN.contains(status)) {
                refused++;
                reasons.add(word(recipient.path("reject_reason").asText(), word(status, "no status")));
            }
        }
        return refused == 0 ? Optional.empty() : Optional.of(refusal(answer, refused, recipients.size(), reasons));
    }

    /** Permanent, also where others got the message: sending it again would repeat theirs. */
    private static StepFailure refusal(VendorAnswer answer, int refused, int all, Set<String> reasons) {
        return StepFailure.ofBody(
                Kind.PERMANENT,
                NAME + " refused " + refused + " of " + all + " recipients (" + String.join(", ", reasons) + ")"
                        + (refused < all ? ", the others have the message" : ""),
                answer.status(),
                null,
                answer.text());
    }

    private static StepFailure ofError(VendorAnswer answer, Clock clock) {
        String name = word(answer.json().path("name").asText(), "");
        if (name.isEmpty()) {
            return ofStatus(answer, clock);
        }
        String message = NAME + " answered " + answer.status() + " (" + name + ")";
        if (name.equals(TOO_MANY) || answer.status() == 429) {
            return StepFailure.limited(
                    message, answer.status(), answer.retryAfter(clock).orElse(null), answer.text());
        }
        return StepFailure.ofBody(
                NOT_PERMANENT.getOrDefault(name, Kind.PERMANENT),
                message,
                answer.status(),
                answer.retryAfter(clock).orElse(null),
                answer.text());
    }

    private static StepFailure ofStatus(VendorAnswer answer, Clock clock) {
        return answer.status() < 500
                ? VendorRules.statusFailure(NAME, answer, clock)
                : StepFailure.ofBody(
                        Kind.UNSURE, NAME + " answered " + answer.status(), answer.status(), null, answer.text());
    }

    /** A code of the vendor's, never a text of a payload's. */
    private static String word(String text, String otherwise) {
        return text.matches("[A-Za-z_-]{1,40}") && !text.equals("null") ? text : otherwise;
    }
}

package dev.caravan.sink.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mixpanel's ingestion API (docs.mixpanel.com, ingestion): {@code /import} with a service account, which judges what it
 * takes, else {@code /track} with the project's token, which takes events of the last 5 days and answers 200 to bad ones
 * as well.
 *
 * @param service null where there is only the token
 */
record MixpanelAccess(
        VendorAddress address, String token, @Nullable Service service) {
    static final String VENDOR = "Mixpanel";

    /** A service account of a project. */
    record Service(String project, String user, String secret) {}

    /** @throws IllegalArgumentException if only some of the service account's parameters are given */
    static @Nullable Service service(@Nullable String project, @Nullable String user, @Nullable String secret) {
        if (project == null && user == null && secret == null) {
            return null;
        }
        if (project == null || user == null || secret == null) {
            throw new IllegalArgumentException(
                    "mixpanel-sink needs projectId, serviceAccount and serviceSecret together, or none of them");
        }
        if (!project.strip().matches("\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "The parameter projectId is " + project + ": give the number of the project's settings");
        }
        return new Service(project.strip(), user.strip(), secret.strip());
    }

    VendorRequest event(JsonNode events) {
        return service == null
                ? VendorRequest.json("POST", address.at("/track?verbose=1"), events)
                : VendorRequest.json("POST", address.at("/import?strict=1&project_id=" + service.project()), events)
                        .basic(service.user(), service.secret());
    }

    VendorRequest profile(JsonNode updates) {
        return VendorRequest.json("POST", address.at("/engage?verbose=1"), updates);
    }

    /** A 200 whose body is 0, or says so, took nothing. */
    static Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        boolean refused = answer.isSuccess() && isRefusal(answer);
        return refused
                ? Optional.of(StepFailure.ofBody(
                        StepFailure.Kind.PERMANENT,
                        VENDOR + " answered " + answer.status() + " and took nothing",
                        answer.status(),
                        null,
                        answer.text()))
                : VendorRules.byStatus(VENDOR).failure(answer, clock);
    }

    private static boolean isRefusal(VendorAnswer answer) {
        JsonNode json = answer.json();
        boolean status = json.path("status").isInt() && json.path("status").asInt() == 0;
        boolean code = json.path("code").isInt() && json.path("code").asInt() != 200;
        return answer.text().strip().equals("0") || status || code;
    }
}

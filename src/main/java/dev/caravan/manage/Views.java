package dev.caravan.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Event;
import dev.caravan.inbox.EventSummary;
import dev.caravan.inbox.Settlement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How things look as JSON, in the API and on the command line. Times are ISO 8601; absent values are absent keys. */
public final class Views {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Views() {}

    /** The JSON text of a view or a list of views. */
    public static String json(Object view) {
        try {
            return JSON.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Views are always JSON", e);
        }
    }

    public static Map<String, Object> of(EventSummary event) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", event.id());
        view.put("source", event.source());
        view.put("type", event.type());
        put(view, "time", event.time());
        view.put("receivedAt", event.receivedAt().toString());
        view.put("idempotencyKey", event.idempotencyKey());
        view.put("bytes", event.bytes());
        view.put("wantedBy", event.wantedBy());
        view.put("unwanted", event.unwanted());
        view.put("duplicates", event.duplicates());
        view.put("differingDuplicates", event.differing());
        put(view, "payloadRemovedAt", event.removedAt());
        return view;
    }

    /** An event with its headers, its payload and its deliveries with all their attempts. */
    public static Map<String, Object> of(EventSummary summary, Event event, List<Map<String, Object>> deliveries) {
        Map<String, Object> view = of(summary);
        view.put("headers", event.headers());
        if (event.hasPayload()) {
            view.put("payload", payload(event.body()));
        }
        view.put("deliveries", deliveries);
        return view;
    }

    private static Object payload(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    public static Map<String, Object> of(DeliverySummary delivery) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", delivery.id());
        view.put("eventId", delivery.eventId());
        view.put("source", delivery.source());
        view.put("type", delivery.type());
        view.put("automation", delivery.automation());
        view.put("state", delivery.state().label());
        view.put("attempts", delivery.attempts());
        view.put("failures", delivery.failures());
        put(view, "dueAt", delivery.dueAt());
        view.put("updatedAt", delivery.updatedAt().toString());
        view.put("manual", delivery.manual());
        view.put("generation", delivery.generation());
        delivery.lastAttempt().ifPresent(attempt -> view.put("lastAttempt", of(attempt)));
        return view;
    }

    /** A delivery with all its attempts. */
    public static Map<String, Object> of(DeliverySummary delivery, List<Settlement.Attempt> attempts) {
        Map<String, Object> view = of(delivery);
        view.remove("lastAttempt");
        view.put("attemptList", attempts.stream().map(Views::of).toList());
        return view;
    }

    public static Map<String, Object> of(Settlement.Attempt attempt) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("number", attempt.number());
        view.put("startedAt", attempt.startedAt().toString());
        view.put("durationMillis", attempt.duration().toMillis());
        view.put("outcome", attempt.outcome().label());
        attempt.step().ifPresent(step -> view.put("step", step));
        attempt.httpStatus().ifPresent(status -> view.put("httpStatus", status));
        attempt.message().ifPresent(message -> view.put("message", message));
        attempt.responseExcerpt().ifPresent(excerpt -> view.put("responseExcerpt", excerpt));
        return view;
    }

    public static Map<String, Object> of(AutomationState automation) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", automation.id());
        view.put("state", automation.state().name().toLowerCase(Locale.ROOT));
        view.put("running", automation.running());
        view.put("definedIn", automation.origin());
        view.put("line", automation.line());
        view.put("description", automation.description());
        view.put("sources", automation.sources());
        view.put("events", automation.events());
        view.put("reason", automation.reason());
        view.put("missingKeys", automation.missingKeys());
        view.put("skippedSteps", automation.skippedSteps());
        view.put("steps", automation.steps());
        return view;
    }

    private static void put(Map<String, Object> view, String key, Optional<?> value) {
        value.ifPresent(v -> view.put(key, v.toString()));
    }
}

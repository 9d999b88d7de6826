package dev.caravan.manage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.inbox.ReplaySelection;
import dev.caravan.settings.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a person wants replayed: {@code {"delivery": …}}, {@code {"event": …, "automation": …}}, {@code {"dead":
 * true, "automation": …, "since": …}} or {@code {"automation": …, "since": …}}.
 */
public final class ReplayRequest {
    private static final String CHOICES = "name one of: delivery; event, with or without automation; dead, with or"
            + " without automation and since; automation and since";
    private static final String DELIVERY = "delivery";
    private static final String EVENT = "event";
    private static final String AUTOMATION = "automation";
    private static final String DEAD = "dead";
    private static final String SINCE = "since";
    private static final String PLAN = "plan";
    private static final String NEXT = "next";
    private static final Set<String> TEXTS = Set.of(DELIVERY, EVENT, AUTOMATION, SINCE, NEXT);
    private static final Set<String> SWITCHES = Set.of(DEAD, PLAN);

    private ReplayRequest() {}

    /** The request that asks for these, absent ones left out. */
    public static Map<String, Object> of(
            Optional<String> delivery,
            Optional<String> event,
            boolean dead,
            Optional<String> automation,
            Optional<String> since) {
        Map<String, Object> request = new LinkedHashMap<>();
        delivery.ifPresent(id -> request.put(DELIVERY, id));
        event.ifPresent(id -> request.put(EVENT, id));
        if (dead) {
            request.put(DEAD, true);
        }
        automation.ifPresent(id -> request.put(AUTOMATION, id));
        since.ifPresent(time -> request.put(SINCE, time));
        return request;
    }

    /**
     * What the request selects.
     *
     * @param now what {@code 2d} counts back from
     */
    public static ReplaySelection read(JsonNode request, Instant now) throws ReplayRefused {
        for (Map.Entry<String, JsonNode> given : request.properties()) {
            if (!fits(given.getKey(), given.getValue())) {
                throw ReplayRefused.wrong(
                        "`" + given.getKey() + "` is not known, or its value does not fit: " + CHOICES);
            }
        }
        Optional<Instant> since = Optional.empty();
        if (request.has(SINCE)) {
            since = Optional.of(since(request.path(SINCE).asText(), now));
        }
        return select(
                text(request, DELIVERY),
                text(request, EVENT),
                request.path(DEAD).asBoolean(),
                text(request, AUTOMATION),
                since);
    }

    private static boolean fits(String name, JsonNode value) {
        return TEXTS.contains(name) ? value.isTextual() : SWITCHES.contains(name) && value.isBoolean();
    }

    private static ReplaySelection select(
            Optional<String> delivery,
            Optional<String> event,
            boolean dead,
            Optional<String> automation,
            Optional<Instant> since)
            throws ReplayRefused {
        if (delivery.isPresent() && event.isEmpty() && !dead && automation.isEmpty() && since.isEmpty()) {
            return ReplaySelection.delivery(delivery.get());
        }
        if (event.isPresent() && delivery.isEmpty() && !dead && since.isEmpty()) {
            return ReplaySelection.event(event.get(), automation);
        }
        if (dead && delivery.isEmpty() && event.isEmpty()) {
            return ReplaySelection.dead(automation, since);
        }
        if (automation.isPresent() && since.isPresent() && delivery.isEmpty() && event.isEmpty()) {
            return ReplaySelection.missed(automation.get(), since.get());
        }
        throw ReplayRefused.wrong(CHOICES);
    }

    /** Whether only the plan is asked for. */
    static boolean onlyPlan(JsonNode request) {
        return request.path(PLAN).asBoolean();
    }

    /** Where an earlier run of the same request ended. */
    static Optional<String> next(JsonNode request) {
        return text(request, NEXT);
    }

    private static Optional<String> text(JsonNode request, String name) {
        return Optional.of(request.path(name).asText()).filter(text -> !text.isEmpty());
    }

    private static Instant since(String text, Instant now) throws ReplayRefused {
        Optional<Duration> ago = Units.duration(text);
        try {
            if (ago.isPresent()) {
                return now.minus(ago.get());
            }
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw ReplayRefused.wrong("since `" + text + "` is no time: write for example 2d, 12h, 2026-11-20 or"
                    + " 2026-11-20T08:00:00Z");
        }
    }
}

package dev.caravan.sink.analytics;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** A {@link Happening} as the step describes it. */
record HappeningTemplates(
        String userParameter,
        TextTemplate user,
        TextTemplate event,
        TextTemplate time,
        FieldTemplates properties,
        FieldTemplates userProperties) {
    /** What stands where an id is missing; Amplitude and Mixpanel refuse them (their ingestion pages). */
    private static final Set<String> NO_IDS = Set.of(
            "",
            "-1",
            "0",
            "00000000-0000-0000-0000-000000000000",
            "<nil>",
            "[]",
            "anon",
            "anonymous",
            "false",
            "n/a",
            "na",
            "nil",
            "none",
            "null",
            "true",
            "undefined",
            "unknown",
            "{}");

    private static final String EVENT_TIME = "${variable.eventTime}";
    private static final int LONGEST_ID = 255;
    private static final int LONGEST_EVENT = 255;
    private static final long MILLIS_FROM = 100_000_000_000L;

    /**
     * Reads the parameters that the three sinks share.
     *
     * @param userParameter the name of what {@code user} is called there
     */
    static HappeningTemplates of(
            String userParameter,
            String user,
            String event,
            @Nullable String time,
            FieldTemplates properties,
            FieldTemplates userProperties,
            CamelContext camel) {
        return new HappeningTemplates(
                userParameter,
                TextTemplate.of(user.strip(), Escaping.TEXT, camel),
                TextTemplate.of(event.strip(), Escaping.TEXT, camel),
                TextTemplate.of(time == null ? EVENT_TIME : time.strip(), Escaping.TEXT, camel),
                properties,
                userProperties);
    }

    boolean hasUserProperties() {
        return !userProperties.isEmpty();
    }

    /** @throws StepFailure permanent, if there is no user, no event name or no time */
    Happening of(Exchange exchange) {
        return new Happening(
                user(exchange),
                event(exchange),
                at(exchange),
                properties.rowWithLists(exchange),
                userProperties.rowWithLists(exchange));
    }

    /** An id that was cut would be another user's. */
    private String user(Exchange exchange) {
        String id = line(user.render(exchange));
        if (NO_IDS.contains(id.toLowerCase(Locale.ROOT)) || id.length() > LONGEST_ID) {
            throw StepFailure.permanent("The parameter " + userParameter
                    + " is empty, longer than 255 characters or no id for this event: mend it");
        }
        return id;
    }

    private String event(Exchange exchange) {
        String name = line(event.render(exchange));
        if (name.isEmpty()) {
            throw StepFailure.permanent("The name of the analytics event is empty for this event: mend the step");
        }
        return TextLimit.cut(name, LONGEST_EVENT);
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private Instant at(Exchange exchange) {
        String text = time.render(exchange).strip();
        try {
            Instant at = text.matches("\\d{9,14}") ? epoch(Long.parseLong(text)) : iso(text);
            if (at.isAfter(Instant.EPOCH)) {
                return at;
            }
        } catch (DateTimeException noTime) {
            // Told below, as any other text that is no time.
        }
        throw StepFailure.permanent(
                "The parameter time is no ISO 8601 time with an offset and no epoch time for this event: mend it");
    }

    private static Instant epoch(long number) {
        return number < MILLIS_FROM ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
    }

    private static Instant iso(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}

package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** A parameter that gives a day. Built once per route; safe for use by several threads. */
public final class DateTemplate {
    private static final int ISO_DATE = 10;

    private final String what;
    private final @Nullable TextTemplate template;

    private DateTemplate(String what, @Nullable TextTemplate template) {
        this.what = what;
        this.template = template;
    }

    /**
     * Reads a parameter.
     *
     * @param text the parameter's value, its {@link ParameterCode} already undone; null: no day
     * @throws IllegalArgumentException if it is a fixed text and no day
     */
    public static DateTemplate of(@Nullable String text, String kamelet, String parameter, CamelContext camel) {
        String what = kamelet + ": the parameter " + parameter;
        TextTemplate template = text == null ? null : TextTemplate.of(text, Escaping.HEADER, camel);
        if (text != null
                && template != null
                && !template.hasPlaceholders()
                && parse(text).isEmpty()) {
            throw new IllegalArgumentException(what + " is no day: give it as 2026-12-31");
        }
        return new DateTemplate(what, template);
    }

    /**
     * The day for this exchange: {@code 2026-12-31}, also of a date and time that begins with it; empty where the text is.
     *
     * @throws StepFailure permanent, if the text is no day
     */
    public Optional<LocalDate> render(Exchange exchange) {
        String text = template == null ? "" : template.render(exchange).strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<LocalDate> day = parse(text);
        if (day.isEmpty()) {
            throw StepFailure.permanent(what + " is no day such as 2026-12-31 for this event");
        }
        return day;
    }

    private static Optional<LocalDate> parse(String text) {
        String day = text.strip();
        boolean withTime = day.length() > ISO_DATE && (day.charAt(ISO_DATE) == 'T' || day.charAt(ISO_DATE) == ' ');
        try {
            return Optional.of(LocalDate.parse(withTime ? day.substring(0, ISO_DATE) : day));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}

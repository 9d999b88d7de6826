package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.StepFailure;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateTemplateTest {
    private final CamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private Optional<LocalDate> render(@Nullable String text, String value) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(Map.of("day", value));
        return DateTemplate.of(text, "acme-sink", "dueDate", camel).render(exchange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-04-01", " 2026-04-01 ", "2026-04-01T23:59:59Z", "2026-04-01 10:00"})
    void aDayOrATimeOfItGivesTheDay(String value) {
        assertThat(render("${body[day]}", value)).contains(LocalDate.of(2026, 4, 1));
        assertThat(render(value, "")).contains(LocalDate.of(2026, 4, 1));
    }

    @Test
    void whatIsEmptyGivesNone() {
        assertThat(render(null, "x")).isEmpty();
        assertThat(render("${body[day]}", "")).isEmpty();
        assertThat(render("${body[missing]}", "x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "2026-02-30", "01.04.2026", "2026-04-01x"})
    void whatIsNoDayIsRefusedWithoutBeingQuoted(String value) {
        assertThatThrownBy(() -> render("${body[day]}", value))
                .isInstanceOf(StepFailure.class)
                .hasMessage("acme-sink: the parameter dueDate is no day such as 2026-12-31 for this event");
        assertThatThrownBy(() -> render(value, "")).isInstanceOf(IllegalArgumentException.class);
    }
}

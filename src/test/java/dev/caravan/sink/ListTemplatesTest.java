package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListTemplatesTest {
    private final CamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private List<String> render(@Nullable String text, Map<String, ?> body) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(body);
        return ListTemplates.of(text, Escaping.HEADER, camel).render(exchange);
    }

    @Test
    void onlyTheAuthorsCommasSeparate() {
        assertThat(render("a, b ,,${body[x]}, c-${body[x]}", Map.of("x", "1,2")))
                .containsExactly("a", "b", "1,2", "c-1,2");
    }

    @Test
    void aListGivesATextForEachOfItsScalars() {
        assertThat(render(
                        "first,${body[x]}",
                        Map.of("x", Arrays.asList("a", 2, true, null, " ", Map.of("k", "v"), List.of("z"), "a\r\nb"))))
                .containsExactly("first", "a", "2", "true", "a b");
    }

    @Test
    void whatIsEmptyOrThereAlreadyIsLeftOut() {
        assertThat(render("a,${body[missing]},${body[x]},b${body[missing]}", Map.of("x", "a")))
                .containsExactly("a");
        assertThat(render(null, Map.of())).isEmpty();
    }

    @Test
    void aCommaWithinAPlaceholderSeparatesNothing() {
        assertThat(render("${body[x].replace(\"-\", \"+\")},z", Map.of("x", "a-b")))
                .containsExactly("a+b", "z");
    }
}

package dev.caravan.sink;

import dev.caravan.sink.RichText.Style;
import dev.caravan.sink.RichText.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** A piece of a line that appears in one way: the author's words, or one placeholder. */
record RichSpan(TextTemplate.Part part, Style style) {
    /** @param valued whether a placeholder of the text or of its link had a value */
    record Rendered(Text text, boolean valued) {}

    static List<RichSpan> read(RichSource line, CamelContext camel) {
        List<RichSpan> spans = new ArrayList<>();
        new RichReader(line, Style.PLAIN, camel, spans).read();
        return List.copyOf(spans);
    }

    boolean hasPlaceholders() {
        TextTemplate link = style.link();
        return part instanceof Placeholder || (link != null && link.hasPlaceholders());
    }

    Rendered render(Exchange exchange) {
        String text = part instanceof Placeholder placeholder
                ? placeholder.text(exchange)
                : ((TextTemplate.Literal) part).text();
        TextTemplate link = style.link();
        String target = link == null ? "" : link.render(exchange);
        boolean valued = (part instanceof Placeholder && !text.isEmpty())
                || (link != null && link.hasPlaceholders() && !target.isEmpty());
        return new Rendered(styled(text, target), valued);
    }

    private Text styled(String text, String target) {
        return new Text(text, style.bold(), style.italic(), style.code(), UrlText.linkTarget(target));
    }

    /** The elements of the list that the placeholder's value is; null if it is none. */
    @Nullable List<Text> elements(Exchange exchange) {
        Object value = part instanceof Placeholder placeholder ? placeholder.plain(exchange) : null;
        Object list = value instanceof Object[] array ? Arrays.asList(array) : value;
        if (!(list instanceof Iterable<?> elements)) {
            return null;
        }
        TextTemplate link = style.link();
        String target = link == null ? "" : link.render(exchange);
        List<Text> texts = new ArrayList<>();
        for (Object element : elements) {
            texts.add(styled(Escaping.TEXT.escape(words(element, exchange)), target));
        }
        return texts;
    }

    private static String words(@Nullable Object element, Exchange exchange) {
        if (element instanceof Map<?, ?> map) {
            Object named = Stream.of("text", "name", "title")
                    .map(key -> (Object) map.get(key))
                    .filter(Objects::nonNull)
                    .filter(value -> !Placeholder.isStructure(value))
                    .findFirst()
                    .orElse(null);
            return named == null ? Placeholder.json(map) : Placeholder.asText(named, exchange);
        }
        if (element == null) {
            return "";
        }
        return Placeholder.isStructure(element) ? Placeholder.json(element) : Placeholder.asText(element, exchange);
    }
}

package dev.caravan.sink.confluence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.HtmlText;
import dev.caravan.sink.RichText;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The page that a step makes of each event. Its title ends in eight hexadecimal digits of the {@link DeliveryKey} in
 * brackets.
 */
record ConfluencePage(TextTemplate spaceId, TextTemplate parentId, TextTemplate title, RichText content) {
    private static final int LONGEST_TITLE = 255;
    /** Characters of storage format; Confluence takes requests of 5 MB, and a character may take three bytes. */
    private static final int LONGEST_CONTENT = 1_500_000;

    private static final int HASH = 8;
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

    /**
     * A template for a number.
     *
     * @throws IllegalArgumentException if it is a fixed text and no number
     */
    static TextTemplate number(@Nullable String text, String parameter, CamelContext camel) {
        TextTemplate template = TextTemplate.of(text == null ? "" : text, Escaping.HEADER, camel);
        boolean wrong = text != null
                && !template.hasPlaceholders()
                && !NUMBER.matcher(text.strip()).matches();
        if (wrong) {
            throw new IllegalArgumentException("confluence-page-sink: the parameter " + parameter
                    + " is no number: give the id, not the key or name");
        }
        return template;
    }

    /** @throws StepFailure permanent, if it is no number */
    String spaceOf(Exchange exchange) {
        return checked(spaceId.render(exchange).strip(), "spaceId");
    }

    private static String checked(String value, String parameter) {
        if (!NUMBER.matcher(value).matches()) {
            throw StepFailure.permanent(
                    "confluence-page-sink: the parameter " + parameter + " is no number for this event");
        }
        return value;
    }

    /** One line. Confluence makes several spaces one when it compares titles. */
    String titleOf(Exchange exchange) {
        String line = SPACES.matcher(Escaping.HEADER.escape(title.renderWords(exchange)))
                .replaceAll(" ")
                .strip();
        String mark = " [" + DeliveryKey.hash(exchange).substring(0, HASH) + "]";
        return (TextLimit.cut(line, LONGEST_TITLE - mark.length()) + mark).strip();
    }

    /**
     * The body of the request that makes it.
     *
     * @throws StepFailure permanent, if it cannot be made
     */
    ObjectNode compose(Exchange exchange) {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        page.put("spaceId", spaceOf(exchange)).put("status", "current").put("title", titleOf(exchange));
        String parent = parentId.render(exchange).strip();
        if (!parent.isEmpty()) {
            page.put("parentId", checked(parent, "parentId"));
        }
        page.putObject("body")
                .put("representation", "storage")
                .put("value", TextLimit.fit(content.render(exchange), LONGEST_CONTENT, HtmlText::of));
        return page;
    }
}

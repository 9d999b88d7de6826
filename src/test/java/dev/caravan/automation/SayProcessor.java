package dev.caravan.automation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The inside of the test's {@code say-sink}: decodes its parameter and adds it, and the body, to the list "heard". */
public final class SayProcessor implements Processor {
    static final String MARK = "b64_";

    private String text = "";

    static String encode(String value) {
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    public void setText(String text) {
        this.text = text.startsWith(MARK)
                ? new String(Base64.getUrlDecoder().decode(text.substring(MARK.length())), StandardCharsets.UTF_8)
                : text;
    }

    public String getText() {
        return text;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void process(Exchange exchange) {
        List<String> heard = exchange.getContext().getRegistry().lookupByNameAndType("heard", List.class);
        heard.add(text + "|" + exchange.getMessage().getBody(String.class));
    }
}

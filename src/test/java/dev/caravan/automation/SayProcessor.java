package dev.caravan.automation;

import dev.caravan.sink.ParameterCode;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The inside of the test's {@code say-sink}: decodes its parameter and adds it, and the body, to the list "heard". */
public final class SayProcessor implements Processor {
    static final String MARK = "caravan64.";

    private String text = "";

    static String encode(String value) {
        return ParameterCode.encode(value);
    }

    public void setText(String text) {
        this.text = ParameterCode.decode(text);
    }

    public String getText() {
        return text;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void process(Exchange exchange) throws Exception {
        List<String> heard = exchange.getContext().getRegistry().lookupByNameAndType("heard", List.class);
        heard.add(text + "|" + exchange.getMessage().getBody(String.class));
        Hearing hearing = exchange.getContext().getRegistry().lookupByNameAndType("hearing", Hearing.class);
        if (hearing != null) {
            hearing.hear(text);
        }
    }

    /** What becomes of a text, bound as "hearing". */
    interface Hearing {
        void hear(String text) throws Exception;
    }
}

package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.StepFailure;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code download-json-action}: fetches a document that a payload points to, and sets a variable to what its
 * JSON holds (a map, a list, a value) or, if it is plain text, to that. The body stays the event. Where the URL is empty
 * nothing is fetched and the variable is removed.
 */
public final class DownloadJsonAction extends SinkBean<DownloadJsonAction.Wanted, DownloadJsonAction.Started> {
    private static final String KAMELET = "download-json-action";
    private static final ObjectMapper JSON = new ObjectMapper();

    private @Nullable String url;
    private @Nullable String variable;

    /** What the step says. */
    record Wanted(TextTemplate url, String variable) {}

    /** What it holds while it runs. */
    record Started(Wanted wanted, DownloadClient client) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    public DownloadJsonAction() {
        super(KAMELET);
    }

    public void setUrl(String value) {
        this.url = value;
    }

    public void setVariable(String value) {
        this.variable = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        TextTemplate target = TextTemplate.of(required(url, "url").strip(), Escaping.URL, camel);
        String name = optional(variable);
        return new Wanted(target, name == null ? "download" : name.strip());
    }

    @Override
    protected Started open(Wanted wanted, CamelContext camel) {
        return new Started(wanted, new DownloadClient(Sinks.of(camel), camel));
    }

    @Override
    protected boolean onlyReads() {
        return true;
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        String target = running.wanted().url().render(exchange);
        if (target.isEmpty()) {
            setVariable(exchange, running.wanted().variable(), null);
        } else {
            exchange.setVariable(
                    running.wanted().variable(), parsed(running.client().fetch(target)));
        }
    }

    private static @Nullable Object parsed(DownloadClient.Document document) {
        String type = document.mediaType();
        boolean json = type.isEmpty() || type.equals("application/json") || type.endsWith("+json");
        if (json) {
            return parse(document.text());
        }
        if (type.equals("text/plain")) {
            return document.text();
        }
        throw StepFailure.permanent("The download is " + type + ", neither JSON nor plain text");
    }

    private static @Nullable Object parse(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException notJson) {
            throw StepFailure.permanent("The download is not valid JSON");
        }
    }
}

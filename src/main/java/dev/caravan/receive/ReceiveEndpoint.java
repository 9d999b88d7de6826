package dev.caravan.receive;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Receives the webhooks of all sources as raw bytes. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "receive",
        title = "Receive",
        syntax = "receive:path",
        consumerOnly = true,
        category = {Category.HTTP})
final class ReceiveEndpoint extends DefaultEndpoint {
    @UriPath(description = "The path below which each source has its own, for example webhooks")
    private final String path;

    private final ReceiveComponent component;

    ReceiveEndpoint(String uri, ReceiveComponent component, String path) {
        super(uri, component);
        this.component = component;
        this.path = path;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("The receive component only receives: use it in from()");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new ReceiveConsumer(this, component, processor, path);
    }
}

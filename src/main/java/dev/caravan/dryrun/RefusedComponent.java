package dev.caravan.dryrun;

import dev.caravan.delivery.StepFailure;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a component that would reach out of this process. Routes with it can be loaded; the step fails, so that the
 * delivery shows it, and a route that starts from it does not start.
 */
final class RefusedComponent extends DefaultComponent {
    private final String name;
    private final BiConsumer<String, String> observer;

    /** @param observer told the component's name and the sentence of each step that is refused */
    RefusedComponent(String name, BiConsumer<String, String> observer) {
        this.name = name;
        this.observer = observer;
    }

    private String sentence() {
        return "A dry run does not use the component " + name
                + ", which would reach out of this process: run without --dry-run to use it.";
    }

    /** Without looking at the options, which are another component's. */
    @Override
    public Endpoint createEndpoint(String uri, @Nullable Map<String, Object> properties) {
        return new Refused();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new Refused();
    }

    private final class Refused extends DefaultEndpoint {
        /** The real URI may hold secrets. */
        Refused() {
            super("refused:" + name, RefusedComponent.this);
            setCamelContext(RefusedComponent.this.getCamelContext());
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    observer.accept(name, sentence());
                    throw StepFailure.permanent(sentence());
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException(sentence());
        }
    }
}

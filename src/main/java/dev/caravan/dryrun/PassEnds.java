package dev.caravan.dryrun;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Knows when a step that {@link CurrentStep} gave a turn is behind its delivery for good: it ended without a failure, and
 * what Caravan does about that is done. Goes around all other interceptors, so it has to be added before them.
 */
final class PassEnds implements InterceptStrategy {
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

    void listen(LongConsumer listener) {
        listeners.add(listener);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, @Nullable Processor nextTarget) {
        return new Ending(AsyncProcessorConverterHelper.convert(target));
    }

    private final class Ending extends DelegateAsyncProcessor {
        Ending(AsyncProcessor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (exchange.getProperty(CurrentStep.PASS) != null) {
                // Within a step that has the turn.
                return super.process(exchange, callback);
            }
            return super.process(exchange, doneSync -> {
                Object pass = exchange.removeProperty(CurrentStep.PASS);
                if (pass instanceof Long number && exchange.getException() == null && !exchange.isRouteStop()) {
                    listeners.forEach(listener -> listener.accept(number));
                }
                callback.done(doneSync);
            });
        }
    }
}

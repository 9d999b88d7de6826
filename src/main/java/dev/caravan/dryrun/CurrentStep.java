package dev.caravan.dryrun;

import java.util.concurrent.Semaphore;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Knows which step runs, so that what arrives at the capturing server can be told to be its doing. It lets one step run
 * at a time in the whole node; a step that runs within another, as in a route called by {@code direct:}, counts as the
 * outer one's. What happens inside a Kamelet counts as its caller's step.
 */
final class CurrentStep implements InterceptStrategy {
    private static final String RUNNING = "CaravanDryRunStep";

    private final Semaphore turn = new Semaphore(1, true);
    private volatile @Nullable Turn current;

    /** One step's turn; compared by identity. */
    private static final class Turn {
        private final Effect.Place place;

        Turn(Effect.Place place) {
            this.place = place;
        }
    }

    Effect.Place place() {
        Turn running = current;
        return running == null ? Effect.Place.NOWHERE : running.place;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, @Nullable Processor nextTarget) {
        if (!(node instanceof ProcessorDefinition<?> step) || !step.getOutputs().isEmpty()) {
            return target;
        }
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(step);
        boolean insideKamelet = route != null && Boolean.TRUE.equals(route.isKamelet());
        return insideKamelet ? target : new InTurn(AsyncProcessorConverterHelper.convert(target), step.getId());
    }

    private static Effect.Place place(Exchange exchange, @Nullable String step) {
        String event = exchange.getVariable("eventId", String.class);
        String automation = exchange.getFromRouteId();
        return new Effect.Place(
                event == null ? "" : event, automation == null ? "" : automation, step == null ? "" : step);
    }

    private final class InTurn extends DelegateAsyncProcessor {
        private final @Nullable String step;

        InTurn(AsyncProcessor target, @Nullable String step) {
            super(target);
            this.step = step;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Turn outer = exchange.getProperty(RUNNING, Turn.class);
            if (outer != null && outer == current) {
                return super.process(exchange, callback);
            }
            try {
                turn.acquire();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                exchange.setException(stopped);
                callback.done(true);
                return true;
            }
            Turn mine = new Turn(place(exchange, step));
            current = mine;
            exchange.setProperty(RUNNING, mine);
            return super.process(exchange, doneSync -> {
                exchange.removeProperty(RUNNING);
                current = null;
                turn.release();
                callback.done(doneSync);
            });
        }
    }
}

package dev.caravan.dryrun;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Ordered;
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
 * outer one's. What happens inside a Kamelet counts as its caller's step. What Caravan does about a step, such as its
 * record, is not part of its turn.
 */
final class CurrentStep implements InterceptStrategy, Ordered {
    /** Exchange property: the number of the pass that ran last; see {@link PassEnds}. */
    static final String PASS = "CaravanDryRunPass";

    private static final String RUNNING = "CaravanDryRunStep";

    private final AtomicLong passes = new AtomicLong();
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
        // Camel warns of every interceptor that gives back what is not asynchronous.
        AsyncProcessor asynchronous = AsyncProcessorConverterHelper.convert(target);
        if (!(node instanceof ProcessorDefinition<?> step) || !step.getOutputs().isEmpty()) {
            return asynchronous;
        }
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(step);
        return route != null && !isAutomation(route) ? asynchronous : new InTurn(asynchronous, step.getId());
    }

    /** Not the inside of a Kamelet, and not the receiving route: a turn there would hold up the event loop. */
    private static boolean isAutomation(RouteDefinition route) {
        return !Boolean.TRUE.equals(route.isKamelet())
                && !route.getInput().getEndpointUri().startsWith("receive:");
    }

    private static Effect.Place place(Exchange exchange, @Nullable String step, long pass) {
        String event = exchange.getVariable("eventId", String.class);
        String automation = exchange.getFromRouteId();
        Integer attempt = exchange.getVariable("attempt", Integer.class);
        return new Effect.Place(
                event == null ? "" : event,
                automation == null ? "" : automation,
                step == null ? "" : step,
                attempt == null ? 0 : attempt,
                pass);
    }

    /** Camel wraps in the order of these, the highest first: this goes inside of all that Caravan does about a step. */
    @Override
    public int getOrder() {
        return LOWEST;
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
            long pass = passes.incrementAndGet();
            Turn mine = new Turn(place(exchange, step, pass));
            current = mine;
            exchange.setProperty(PASS, pass);
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

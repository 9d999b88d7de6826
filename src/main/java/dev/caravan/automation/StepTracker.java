package dev.caravan.automation;

import dev.caravan.delivery.StepFailure;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Notes on each exchange which step runs, asks the gate before each outside effect, and skips an effect that the delivery
 * has behind it ({@link DurableStep}). Camel calls it inside the error handler, so a redelivery asks again. What happens
 * inside a Kamelet counts as its caller's step.
 *
 * <p>Add it to the Camel context before routes are: {@code
 * context.getCamelContextExtension().addInterceptStrategy(tracker)}.
 */
public final class StepTracker implements InterceptStrategy {
    /**
     * Exchange property: the id of the step that runs, and after a failure of the one that failed; a step without an id
     * is {@code kind@line}. Absent between the steps of a route.
     */
    public static final String STEP = "CaravanStep";

    private static final String NOTE = "CaravanStepFailure";

    private final AttemptGate gate;
    private final long stateLimit;

    /**
     * A tracker for one Camel context.
     *
     * @param stateLimit bytes at most that one step's message is stored in
     */
    public StepTracker(AttemptGate gate, long stateLimit) {
        this.gate = gate;
        this.stateLimit = stateLimit;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, @Nullable Processor nextTarget) {
        AsyncProcessor next = AsyncProcessorConverterHelper.convert(target);
        if (!(node instanceof ProcessorDefinition<?> definition)) {
            return next;
        }
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(definition);
        return route != null && !isAutomation(route)
                ? next
                : new Step(durable(context, definition, route, next), stepOf(definition), isOutsideEffect(definition));
    }

    private AsyncProcessor durable(
            CamelContext context,
            ProcessorDefinition<?> definition,
            @Nullable RouteDefinition route,
            AsyncProcessor target) {
        String kind = definition.getShortName();
        ExchangePropertyKey index = StepKinds.indexOf(kind);
        if (!isOutsideEffect(definition)) {
            String name = definition.hasCustomIdAssigned() ? definition.getId() : kind;
            return index == null ? target : new StepPath.Within(target, name, index);
        }
        if (StepText.isSkipped(definition) || onlyReads(definition)) {
            return target;
        }
        String step = stepOf(definition);
        return new DurableStep(
                new StepPath.Within(target, step, index),
                step,
                route == null ? "" : route.getRouteId(),
                StepText.digest(context, definition),
                stateLimit);
    }

    /** A download changes nothing outside: it is done again rather than kept, since it may be larger than a state may. */
    private static boolean onlyReads(ProcessorDefinition<?> definition) {
        return definition instanceof EndpointRequiredDefinition endpoint
                && endpoint.getEndpointUri().startsWith("kamelet:download-json-action");
    }

    /** Neither the inside of a Kamelet nor a route of Caravan's own; a node outside of routes can be any automation's. */
    private static boolean isAutomation(RouteDefinition route) {
        return !Boolean.TRUE.equals(route.isKamelet())
                && !route.getInput().getEndpointUri().startsWith("receive:");
    }

    private static String stepOf(ProcessorDefinition<?> definition) {
        return definition.hasCustomIdAssigned()
                ? definition.getId()
                : definition.getShortName() + "@" + Math.max(definition.getLineNumber(), 0);
    }

    private static boolean isOutsideEffect(ProcessorDefinition<?> definition) {
        return StepKinds.isOutsideEffect(definition.getShortName());
    }

    private final class Step extends DelegateAsyncProcessor {
        private final String step;
        private final boolean outsideEffect;

        Step(AsyncProcessor target, String step, boolean outsideEffect) {
            super(target);
            this.step = step;
            this.outsideEffect = outsideEffect;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            FailureNote note = noteOf(exchange);
            Object outer = exchange.getProperty(STEP);
            exchange.setProperty(STEP, step);
            if (outsideEffect) {
                try {
                    gate.check(exchange);
                } catch (StepFailure e) {
                    exchange.setException(e);
                    note.failedIn(e, step);
                    callback.done(true);
                    return true;
                }
            }
            return super.process(exchange, doneSync -> {
                Exception failure = exchange.getException();
                Object now = failure == null ? outer : note.failedIn(failure, step);
                if (now == null) {
                    exchange.removeProperty(STEP);
                } else {
                    exchange.setProperty(STEP, now);
                }
                callback.done(doneSync);
            });
        }

        private static FailureNote noteOf(Exchange exchange) {
            FailureNote note = exchange.getProperty(NOTE, FailureNote.class);
            if (note == null) {
                note = new FailureNote();
                exchange.setProperty(NOTE, note);
            }
            return note;
        }
    }

    /** Shared by an exchange and its copies, since a split hands its copies' failures on without their properties. */
    private static final class FailureNote {
        private @Nullable Throwable failure;
        private String step = "";

        /** The innermost step that this failure came from; {@code here} where it is new. */
        synchronized String failedIn(Throwable seen, String here) {
            for (Throwable at = seen; at != null; at = at.getCause()) {
                if (at == failure) {
                    return step;
                }
            }
            failure = seen;
            step = here;
            return here;
        }
    }
}

package dev.caravan.automation;

import dev.caravan.delivery.Attempt;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.CaughtFailure;
import dev.caravan.sink.FailureClassifier;
import dev.caravan.sink.ShippedKamelets;
import dev.caravan.sink.UnsetVariables;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
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

    private final AttemptGate gate;
    private final long stateLimit;
    private final FailureClassifier failures;
    private final Kamelets kamelets;

    /**
     * A tracker for one Camel context.
     *
     * @param stateLimit bytes at most that one step's message is stored in
     * @param failures tells whether a failed step may have had its effect
     * @param kamelets that routes of the context may use
     */
    public StepTracker(AttemptGate gate, long stateLimit, FailureClassifier failures, Kamelets kamelets) {
        this.gate = gate;
        this.stateLimit = stateLimit;
        this.failures = failures;
        this.kamelets = kamelets;
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
                : new Step(
                        durable(context, definition, route, next),
                        stepOf(definition),
                        isOutsideEffect(definition),
                        FailureScope.of(context, definition));
    }

    private AsyncProcessor durable(
            CamelContext context,
            ProcessorDefinition<?> definition,
            @Nullable RouteDefinition route,
            AsyncProcessor target) {
        StepPath.Turns turns = StepKinds.turnsOf(definition);
        if (!isOutsideEffect(definition)) {
            String name = definition.hasCustomIdAssigned() ? definition.getId() : definition.getShortName();
            return turns.index() == null ? target : new StepPath.Within(target, name, turns);
        }
        if (StepText.isSkipped(definition)) {
            return target;
        }
        boolean kamelet = kameletOf(definition).isPresent();
        String step = stepOf(definition);
        return new DurableStep(
                new StepPath.Within(kamelet ? new UnsetVariables(target) : target, step, turns),
                new DurableStep.What(
                        step,
                        route == null ? "" : route.getRouteId(),
                        StepText.digest(context, definition),
                        !onlyReads(definition),
                        StepKinds.onlyHoldsOthers(definition),
                        StepDoubt.of(context, definition, kamelets),
                        stateLimit,
                        failures));
    }

    private static boolean onlyReads(ProcessorDefinition<?> definition) {
        return kameletOf(definition)
                .filter(call -> ShippedKamelets.onlyReads(call.name()))
                .isPresent();
    }

    private static Optional<KameletCall> kameletOf(ProcessorDefinition<?> definition) {
        return definition instanceof EndpointRequiredDefinition endpoint
                ? KameletCall.of(endpoint.getEndpointUri())
                : Optional.empty();
    }

    /** Neither the inside of a Kamelet nor a route of Caravan's own; a node outside of routes can be any automation's. */
    private static boolean isAutomation(RouteDefinition route) {
        return !Boolean.TRUE.equals(route.isKamelet())
                && !route.getInput().getEndpointUri().startsWith("receive:");
    }

    static String stepOf(ProcessorDefinition<?> definition) {
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
        private final FailureScope scope;

        Step(AsyncProcessor target, String step, boolean outsideEffect, FailureScope scope) {
            super(target);
            this.step = step;
            this.outsideEffect = outsideEffect;
            this.scope = scope;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Attempt attempt = InboxComponent.attemptOf(exchange);
            Throwable caught = scope.caught(exchange);
            if (attempt == null || caught == null) {
                return enter(exchange, callback);
            }
            Optional<String> failed = StepFailures.of(exchange).takeCaught(caught, this);
            if (failed.isEmpty()) {
                return enter(exchange, callback);
            }
            attempt.steps().recordFailure(failed.get(), CaughtFailure.write(caught), refused -> {
                if (refused.isPresent()) {
                    attempt.giveUp(refused.get(), step);
                    exchange.setException(refused.get());
                    callback.done(false);
                } else {
                    enter(exchange, doneSync -> callback.done(false));
                }
            });
            return false;
        }

        private boolean enter(Exchange exchange, AsyncCallback callback) {
            StepFailures seen = StepFailures.of(exchange);
            Object outer = exchange.getProperty(STEP);
            exchange.setProperty(STEP, step);
            if (outsideEffect) {
                try {
                    gate.check(exchange);
                } catch (StepFailure e) {
                    exchange.setException(e);
                    seen.failedIn(e, this, step);
                    callback.done(true);
                    return true;
                }
            }
            Runnable leave = scope.enter(exchange);
            return super.process(exchange, doneSync -> {
                leave.run();
                Exception failure = exchange.getException();
                Object now = failure == null ? outer : seen.failedIn(failure, this, step);
                if (now == null) {
                    exchange.removeProperty(STEP);
                } else {
                    exchange.setProperty(STEP, now);
                }
                callback.done(doneSync);
            });
        }
    }
}

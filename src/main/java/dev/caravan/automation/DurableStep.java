package dev.caravan.automation;

import dev.caravan.delivery.Attempt;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * A step with an outside effect that a delivery has once. Where an earlier run finished it, the message is put as the
 * step left it, and the step does not run. Else the route goes on when it is on disk that the step is finished; between
 * the effect and its record a crash leaves an effect that a retry repeats.
 *
 * <p>A step is known by its place and its text: an edited one runs again. Exchange properties that a step sets are not
 * put back.
 */
final class DurableStep extends DelegateAsyncProcessor {
    private final String step;
    private final String route;
    private final String digest;
    private final long stateLimit;

    /** {@code route} is the id of the route that the step stands in, empty where it stands in none. */
    DurableStep(AsyncProcessor target, String step, String route, String digest, long stateLimit) {
        super(target);
        this.step = step;
        this.route = route;
        this.digest = digest;
        this.stateLimit = stateLimit;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Attempt attempt = InboxComponent.attemptOf(exchange);
        if (attempt == null) {
            return super.process(exchange, callback);
        }
        StepPath path = StepPath.of(exchange);
        String place = path.place(exchange, name(exchange)) + "~" + digest;
        String key = path.key(place);
        Optional<String> finished = attempt.steps().stateAfter(key);
        if (finished.isPresent()) {
            StepState.restore(exchange, finished.get());
            path.passed(place);
            callback.done(true);
            return true;
        }
        StepState before = StepState.of(exchange);
        super.process(exchange, doneSync -> {
            if (isFinished(exchange)) {
                record(attempt, exchange, key, before, () -> path.passed(place), callback);
            } else {
                callback.done(false);
            }
        });
        return false;
    }

    /** Steps of other routes are named with their route, since ids are unique within a route only. */
    private String name(Exchange exchange) {
        return route.isEmpty() || route.equals(exchange.getFromRouteId()) ? step : route + ":" + step;
    }

    /** A step after which the route stops runs again: a skipped one could not stop it. */
    private static boolean isFinished(Exchange exchange) {
        return exchange.getException() == null && !exchange.isRollbackOnly() && !exchange.isRouteStop();
    }

    private void record(
            Attempt attempt, Exchange exchange, String key, StepState before, Runnable passed, AsyncCallback callback) {
        String state;
        try {
            state = before.changeTo(exchange, step, stateLimit);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(false);
            return;
        }
        attempt.steps().record(key, state, refused -> {
            refused.ifPresentOrElse(exchange::setException, passed);
            callback.done(false);
        });
    }
}

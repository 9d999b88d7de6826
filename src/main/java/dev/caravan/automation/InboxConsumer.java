package dev.caravan.automation;

import dev.caravan.delivery.Attempt;
import dev.caravan.delivery.Lane;
import dev.caravan.delivery.Outcome;
import dev.caravan.delivery.StepFailure;
import dev.caravan.inbox.Claimed;
import dev.caravan.sink.DeliveryKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/** Runs an automation's route on each delivery that its lane hands over, and reports how the attempt ended. */
final class InboxConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {
    private final InboxEndpoint endpoint;
    private final InboxComponent component;
    private volatile @Nullable Lane lane;

    InboxConsumer(InboxEndpoint endpoint, InboxComponent component, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.component = component;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        lane = component.lanes().open(getRouteId(), endpoint.laneOptions(), this::run);
    }

    /** Starts no attempt until it is resumed; those that run go on. */
    @Override
    protected void doSuspend() throws Exception {
        if (lane != null) {
            lane.pause();
        }
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        if (lane != null) {
            lane.resume();
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (lane != null) {
            lane.close();
            lane = null;
        }
        super.doStop();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    /** Attempts from their claim on, which is earlier than Camel counts them. */
    @Override
    public int getPendingExchangesSize() {
        return lane == null ? 0 : lane.inFlight();
    }

    /** Nothing to do: closing the lane gives back what has not begun. */
    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {}

    private void run(Attempt attempt, Consumer<Outcome> done) {
        AtomicBoolean told = new AtomicBoolean();
        Exchange exchange = createExchange(false);
        try {
            fill(exchange, attempt);
        } catch (Exception e) {
            releaseExchange(exchange, false);
            done.accept(new Outcome.Failed(
                    StepFailure.permanent("The payload is not JSON, so that no route can read it.", e),
                    attempt.step()));
            return;
        }
        getAsyncProcessor().process(exchange, doneSync -> {
            if (told.compareAndSet(false, true)) {
                Outcome outcome = outcome(exchange, attempt);
                releaseExchange(exchange, false);
                done.accept(outcome);
            }
        });
    }

    private void fill(Exchange exchange, Attempt attempt) throws Exception {
        Claimed claimed = attempt.claimed();
        EventExchange.fill(exchange, claimed.event(), component.payloads());
        exchange.setVariable("deliveryId", claimed.deliveryId());
        exchange.setVariable("attempt", claimed.attempt());
        exchange.setProperty(DeliveryKey.PROPERTY, claimed.deliveryKey());
        exchange.setProperty(DeliveryProperties.ATTEMPT, attempt);
        StepFailures.of(exchange);
    }

    private Outcome outcome(Exchange exchange, Attempt attempt) {
        Optional<Outcome> givenUp = attempt.givenUp();
        if (givenUp.isPresent()) {
            return givenUp.get();
        }
        Exception failure = exchange.getException();
        if (failure == null) {
            return new Outcome.Succeeded(StepFailures.of(exchange)
                    .first()
                    .map(seen -> new Outcome.Failed(
                            component.failures().classify(seen.failure()), Optional.of(seen.step()))));
        }
        KeyHeld held = ObjectHelper.getException(KeyHeld.class, failure);
        if (held != null) {
            return new Outcome.Postponed(held.until());
        }
        return failed(exchange, failure);
    }

    /** Of branches that ran side by side one may have failed for good; the delivery is retried while any may succeed. */
    private Outcome failed(Exchange exchange, Exception last) {
        StepFailure failure = component.failures().classify(last);
        if (failure.kind() == StepFailure.Kind.PERMANENT) {
            for (StepFailures.Seen seen : StepFailures.of(exchange).uncaught()) {
                StepFailure other = component.failures().classify(seen.failure());
                if (other.kind() != StepFailure.Kind.PERMANENT) {
                    return new Outcome.Failed(other, Optional.of(seen.step()));
                }
            }
        }
        return new Outcome.Failed(failure, Optional.ofNullable(exchange.getProperty(StepTracker.STEP, String.class)));
    }
}

package dev.caravan.automation;

import dev.caravan.delivery.Attempt;
import dev.caravan.delivery.DeliverySteps;
import dev.caravan.delivery.Outcome;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.BudgetSpent;
import dev.caravan.sink.CaughtFailure;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.FailureClassifier;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * A step with an outside effect that a delivery has once. Where an earlier run finished it, the message is put as the
 * step left it, and the step does not run; where the route caught its failure, it fails again in the same way. Else the
 * route goes on when it is on disk that the step is finished. Where the effect may have happened without a record, what
 * follows is the step's {@link StepDoubt}.
 *
 * <p>A step is known by its place and its text: an edited one runs again. Exchange properties that a step sets are not
 * put back.
 */
final class DurableStep extends DelegateAsyncProcessor {
    private final What what;
    private final StepPath.Within inside;

    /**
     * The step.
     *
     * @param step its id
     * @param route the id of the route that it stands in, empty where it stands in none
     * @param digest of its text
     * @param isKept whether it is not run again once it is finished
     * @param onlyHoldsOthers whether all its effects are those of steps in it
     * @param stateLimit bytes at most that its message is stored in
     */
    record What(
            String step,
            String route,
            String digest,
            boolean isKept,
            boolean onlyHoldsOthers,
            StepDoubt doubt,
            long stateLimit,
            FailureClassifier failures) {}

    DurableStep(StepPath.Within inside, What what) {
        super(inside);
        this.inside = inside;
        this.what = what;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Attempt attempt = InboxComponent.attemptOf(exchange);
        if (attempt == null) {
            return super.process(exchange, callback);
        }
        StepPath path = StepPath.of(exchange);
        String where = path.place(exchange, name(exchange));
        String place = where + "~" + what.digest();
        int pass = path.pass(place);
        String key = StepPath.key(place, pass);
        Optional<String> finished = attempt.steps().stateAfter(key);
        Optional<String> failure = attempt.steps().failureOf(key);
        if (finished.isPresent()) {
            StepState.restore(exchange, finished.get());
            path.passed(place);
            callback.done(true);
            return true;
        }
        if (failure.isPresent()) {
            exchange.setException(
                    CaughtFailure.read(failure.get(), exchange.getContext().getClassResolver()));
            callback.done(true);
            return true;
        }
        if (!what.onlyHoldsOthers()) {
            exchange.setProperty(DeliveryKey.STEP, StepPath.key(where, pass));
        }
        new Call(attempt, exchange, path, place, pass, callback).start();
        return false;
    }

    /** Steps of other routes are named with their route, since ids are unique within a route only. */
    private String name(Exchange exchange) {
        return what.route().isEmpty() || what.route().equals(exchange.getFromRouteId())
                ? what.step()
                : what.route() + ":" + what.step();
    }

    /** A step after which the route stops runs again: a skipped one could not stop it. */
    private static boolean letsGoOn(Exchange exchange) {
        return !exchange.isRollbackOnly()
                && !exchange.isRouteStop()
                && !(exchange.getExchangeExtension().isErrorHandlerHandledSet()
                        && exchange.getExchangeExtension().isErrorHandlerHandled());
    }

    /** One call of the step. */
    private final class Call {
        private final Attempt attempt;
        private final Exchange exchange;
        private final StepPath path;
        private final String place;
        private final int pass;
        private final String key;
        private final AsyncCallback callback;

        Call(Attempt attempt, Exchange exchange, StepPath path, String place, int pass, AsyncCallback callback) {
            this.attempt = attempt;
            this.exchange = exchange;
            this.path = path;
            this.place = place;
            this.pass = pass;
            this.key = StepPath.key(place, pass);
            this.callback = callback;
        }

        private DeliverySteps steps() {
            return attempt.steps();
        }

        void start() {
            Optional<Integer> doubt = doubt();
            if (doubt.isEmpty()) {
                begin();
                return;
            }
            switch (what.doubt()) {
                case LOOK -> look(doubt.get());
                case SKIP -> {
                    tell(doubt.get(), "was skipped");
                    path.ran(exchange);
                    record(StepState.UNCHANGED);
                }
                case REPEAT -> {
                    tell(doubt.get(), "ran again");
                    begin();
                }
            }
        }

        /** The attempt that may have had the effect. A step that is recorded as begun needs no guess. */
        private Optional<Integer> doubt() {
            if (!what.isKept() || what.onlyHoldsOthers()) {
                return Optional.empty();
            }
            Optional<Integer> known = steps().unsureSince(key);
            return known.isPresent() || what.doubt() == StepDoubt.SKIP || path.hasRun(exchange)
                    ? known
                    : steps().interruptedAttempt();
        }

        private void tell(int after, String what) {
            attempt.notes().add("Step " + step() + " was unsure after attempt " + after + " and " + what + ".");
        }

        private String step() {
            return what.step();
        }

        private void look(int after) {
            LookRequest request = new LookRequest(steps().doubtSince());
            StepState before = StepState.of(exchange);
            exchange.setProperty(LookRequest.PROPERTY, request);
            inside.process(exchange, pass, doneSync -> {
                exchange.removeProperty(LookRequest.PROPERTY);
                looked(request.answer(), after, before);
            });
        }

        /** A sink that finds its effect may leave what it leaves when it has it: an issue's key, for the steps after it. */
        private void looked(@Nullable Look answer, int after, StepState before) {
            if (answer instanceof Look.Found) {
                tell(after, "was found done");
                path.ran(exchange);
                finished(before);
            } else if (answer instanceof Look.Absent) {
                tell(after, "was not found done, so it ran");
                begin();
            } else {
                steps().unsure(key);
                notLooked(after, answer);
            }
        }

        private void notLooked(int after, @Nullable Look answer) {
            BudgetSpent spent = ObjectHelper.getException(BudgetSpent.class, exchange.getException());
            if (spent != null) {
                throttled(spent);
            } else {
                giveUp(StepDoubt.notTold(step(), after, answer, exchange, what.failures()));
            }
        }

        private void begin() {
            if (what.doubt() == StepDoubt.SKIP) {
                steps().recordBegin(key, refused -> refused.ifPresentOrElse(this::giveUp, this::run));
            } else {
                run();
            }
        }

        private void run() {
            if (!what.onlyHoldsOthers()) {
                steps().begins(key);
            }
            StepState before = StepState.of(exchange);
            inside.process(exchange, pass, doneSync -> ran(before));
        }

        private void ran(StepState before) {
            if (!what.onlyHoldsOthers()) {
                path.ran(exchange);
            }
            Exception failure = exchange.getException();
            if (failure != null) {
                failed(failure);
            } else if (what.isKept() && letsGoOn(exchange)) {
                finished(before);
            } else {
                steps().failed(key);
                path.passed(place);
                callback.done(false);
            }
        }

        private void failed(Exception failure) {
            BudgetSpent spent = ObjectHelper.getException(BudgetSpent.class, failure);
            if (spent != null) {
                steps().failed(key);
                throttled(spent);
                return;
            }
            StepFailures.of(exchange).failedAt(failure, key, step());
            if (!what.onlyHoldsOthers()) {
                if (what.failures().classify(failure).kind() == StepFailure.Kind.UNSURE) {
                    steps().unsure(key);
                } else {
                    steps().failed(key);
                }
            }
            callback.done(false);
        }

        private void throttled(BudgetSpent spent) {
            attempt.throttle(new Outcome.Throttled(
                    spent.until(), Objects.requireNonNullElse(spent.getMessage(), "The step waits."), step()));
            callback.done(false);
        }

        private void finished(StepState before) {
            String state;
            try {
                state = before.changeTo(exchange, step(), what.stateLimit());
            } catch (StepFailure e) {
                steps().unsure(key);
                giveUp(e);
                return;
            }
            record(state);
        }

        private void record(String state) {
            steps().record(
                            key,
                            state,
                            refused -> refused.ifPresentOrElse(this::giveUp, () -> {
                                path.passed(place);
                                callback.done(false);
                            }));
        }

        private void giveUp(StepFailure failure) {
            attempt.giveUp(failure, step());
            exchange.setException(failure);
            callback.done(false);
        }
    }
}

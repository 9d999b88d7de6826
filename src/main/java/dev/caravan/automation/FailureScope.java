package dev.caravan.automation;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Predicate;
import org.apache.camel.model.ExpressionSubElementDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Whether what stands in a place runs because its route caught a failure, or only before the failure goes on: in a
 * {@code doFinally}, and in an {@code onException} that neither handles nor continues.
 */
final class FailureScope {
    /** Exchange property: a failure that goes on when what runs now is done. */
    private static final String GOES_ON = "CaravanFailureGoesOn";

    private final boolean goesOn;
    private final @Nullable Predicate handled;
    private final @Nullable Predicate continued;

    private FailureScope(boolean goesOn, @Nullable Predicate handled, @Nullable Predicate continued) {
        this.goesOn = goesOn;
        this.handled = handled;
        this.continued = continued;
    }

    static FailureScope of(CamelContext context, ProcessorDefinition<?> definition) {
        for (ProcessorDefinition<?> at = definition; at != null; at = at.getParent()) {
            if (at instanceof FinallyDefinition) {
                return new FailureScope(true, null, null);
            }
            if (at instanceof OnExceptionDefinition on) {
                return new FailureScope(
                        true,
                        predicate(on.getHandledPolicy(), on.getHandled(), context),
                        predicate(on.getContinuedPolicy(), on.getContinued(), context));
            }
        }
        return new FailureScope(false, null, null);
    }

    private static @Nullable Predicate predicate(
            @Nullable Predicate given, @Nullable ExpressionSubElementDefinition written, CamelContext context) {
        if (given != null || written == null || written.getExpressionType() == null) {
            return given;
        }
        Predicate made = written.getExpressionType().createPredicate(context);
        made.init(context);
        return made;
    }

    /** The failure that the exchange's route has caught last, null where there is none or it goes on. */
    @Nullable Throwable caught(Exchange exchange) {
        Throwable last = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        return last == null || exchange.getProperty(GOES_ON) == last || goesOn(exchange) ? null : last;
    }

    private boolean goesOn(Exchange exchange) {
        return goesOn
                && exchange.getProperty(GOES_ON) == null
                && !matches(handled, exchange)
                && !matches(continued, exchange);
    }

    private static boolean matches(@Nullable Predicate predicate, Exchange exchange) {
        return predicate != null && predicate.matches(exchange);
    }

    /** Marks the exchange for what runs here; run the answer when it is done. */
    Runnable enter(Exchange exchange) {
        Throwable last = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        if (last == null || !goesOn(exchange)) {
            return () -> {};
        }
        exchange.setProperty(GOES_ON, last);
        return () -> exchange.removeProperty(GOES_ON);
    }
}

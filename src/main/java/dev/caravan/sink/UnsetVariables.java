package dev.caravan.sink;

import java.util.HashSet;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * A step that calls a Kamelet, whose beans can {@linkplain #unset unset} a variable of the caller's. Camel 4.18 runs a
 * Kamelet on a copy of the exchange and copies back what variables the copy has, so that one removed in a Kamelet stays
 * with the caller.
 */
public final class UnsetVariables extends DelegateAsyncProcessor {
    /** Exchange property: the names, from the Kamelet to its caller. */
    private static final String NAMES = "CaravanUnsetVariables";

    /** @param step the call */
    public UnsetVariables(AsyncProcessor step) {
        super(step);
    }

    /** Leaves the exchange, and the caller's as soon as the Kamelet returns, without the variable. */
    @SuppressWarnings("unchecked")
    static void unset(Exchange exchange, String variable) {
        exchange.removeVariable(variable);
        Set<String> names = new HashSet<>();
        Set<String> before = exchange.getProperty(NAMES, Set.class);
        if (before != null) {
            names.addAll(before);
        }
        names.add(variable);
        exchange.setProperty(NAMES, names);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        return super.process(exchange, doneSync -> {
            if (exchange.removeProperty(NAMES) instanceof Set<?> names) {
                names.forEach(name -> exchange.removeVariable(name.toString()));
            }
            callback.done(doneSync);
        });
    }
}

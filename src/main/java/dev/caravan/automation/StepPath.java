package dev.caravan.automation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Where in its automation an exchange is: within which steps that call others, and in which turn of a split or loop. An
 * exchange hands it to its copies. Thread-safe.
 */
final class StepPath {
    private static final String PROPERTY = "CaravanStepPath";

    private final String within;
    private final @Nullable ExchangePropertyKey index;
    private final Map<String, Integer> passes = new ConcurrentHashMap<>();

    private StepPath(String within, @Nullable ExchangePropertyKey index) {
        this.within = within;
        this.index = index;
    }

    static StepPath of(Exchange exchange) {
        StepPath path = exchange.getProperty(PROPERTY, StepPath.class);
        if (path == null) {
            path = new StepPath("", null);
            exchange.setProperty(PROPERTY, path);
        }
        return path;
    }

    /** Names a place here so that the same place in the next attempt has the same name. */
    String place(Exchange exchange, String step) {
        if (within.isEmpty()) {
            return step;
        }
        return index == null
                ? within + "/" + step
                : within + "[" + exchange.getProperty(index, Integer.class) + "]/" + step;
    }

    /** A key for this pass of a place, which one turn can pass several times: a dynamic router does. */
    String key(String place) {
        int before = passes.getOrDefault(place, 0);
        return before == 0 ? place : place + "#" + (before + 1);
    }

    void passed(String place) {
        passes.merge(place, 1, Integer::sum);
    }

    /** A step with others in it. */
    static final class Within extends DelegateAsyncProcessor {
        private final String step;
        private final @Nullable ExchangePropertyKey index;

        Within(AsyncProcessor target, String step, @Nullable ExchangePropertyKey index) {
            super(target);
            this.step = step;
            this.index = index;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            StepPath outer = of(exchange);
            Object turn = outer.index == null ? null : exchange.getProperty(outer.index);
            exchange.setProperty(PROPERTY, new StepPath(outer.place(exchange, step), index));
            return super.process(exchange, doneSync -> {
                exchange.setProperty(PROPERTY, outer);
                if (outer.index != null && turn != null) {
                    exchange.setProperty(outer.index, turn);
                }
                callback.done(doneSync);
            });
        }
    }
}

package dev.caravan.automation;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Where in its automation an exchange is: within which steps that call others, and in which turn of a split, loop or
 * multicast. An exchange hands it to its copies. Thread-safe.
 */
final class StepPath {
    private static final String PROPERTY = "CaravanStepPath";

    /** Characters; an entry of a PostgreSQL index takes 2,704 bytes. */
    private static final int LONGEST_KEY = 500;

    private final String within;
    private final Turns turns;
    private final @Nullable StepPath outer;
    private final int outerTurn;
    private final Map<String, Integer> passes = new ConcurrentHashMap<>();
    private final Set<Integer> ran = ConcurrentHashMap.newKeySet();

    /**
     * How an EIP runs what stands in it.
     *
     * @param index where the turn can be read, null where it runs it once
     * @param atOnce whether turns run at the same time
     */
    record Turns(@Nullable ExchangePropertyKey index, boolean atOnce) {
        static final Turns ONE = new Turns(null, false);
    }

    private StepPath(String within, Turns turns, @Nullable StepPath outer, int outerTurn) {
        this.within = within;
        this.turns = turns;
        this.outer = outer;
        this.outerTurn = outerTurn;
    }

    static StepPath of(Exchange exchange) {
        StepPath path = exchange.getProperty(PROPERTY, StepPath.class);
        if (path == null) {
            path = new StepPath("", Turns.ONE, null, 0);
            exchange.setProperty(PROPERTY, path);
        }
        return path;
    }

    /** Names a place here so that the same place in the next attempt has the same name. */
    String place(Exchange exchange, String step) {
        if (within.isEmpty()) {
            return step;
        }
        return turns.index() == null
                ? within + "/" + step
                : within + "[" + exchange.getProperty(turns.index(), Integer.class) + "]/" + step;
    }

    /** Which pass of a place the next one is, from 1: a turn can pass it several times, as with a dynamic router. */
    int pass(String place) {
        return passes.getOrDefault(place, 0) + 1;
    }

    /** A key for a pass of a place. */
    static String key(String place, int pass) {
        String key = numbered(place, pass);
        return key.length() <= LONGEST_KEY && key.indexOf(0) < 0
                ? key
                : StepText.sha256(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String numbered(String place, int pass) {
        return pass == 1 ? place : place + "#" + pass;
    }

    void passed(String place) {
        passes.merge(place, 1, Integer::sum);
    }

    private int turn(Exchange exchange) {
        Integer turn = turns.index() == null ? null : exchange.getProperty(turns.index(), Integer.class);
        return turn == null || !turns.atOnce() ? 0 : turn;
    }

    /** Notes that a step ran here, in this turn where turns run at the same time. */
    void ran(Exchange exchange) {
        ran.add(turn(exchange));
    }

    /** Whether a step ran in this attempt before what comes next here; one that is skipped does not run. */
    boolean hasRun(Exchange exchange) {
        if (ran.contains(turn(exchange))) {
            return true;
        }
        int turn = outerTurn;
        for (StepPath at = outer; at != null; at = at.outer) {
            if (at.ran.contains(turn)) {
                return true;
            }
            turn = at.outerTurn;
        }
        return false;
    }

    /** A step with others in it. */
    static final class Within extends DelegateAsyncProcessor {
        private final String step;
        private final Turns turns;

        Within(AsyncProcessor target, String step, Turns turns) {
            super(target);
            this.step = step;
            this.turns = turns;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            return process(exchange, 1, callback);
        }

        boolean process(Exchange exchange, int pass, AsyncCallback callback) {
            StepPath outer = of(exchange);
            ExchangePropertyKey outerIndex = outer.turns.index();
            Object turn = outerIndex == null ? null : exchange.getProperty(outerIndex);
            String within = numbered(outer.place(exchange, step), pass);
            StepPath inner = new StepPath(within, turns, outer, outer.turn(exchange));
            exchange.setProperty(PROPERTY, inner);
            return super.process(exchange, doneSync -> {
                exchange.setProperty(PROPERTY, outer);
                if (outerIndex != null && turn != null) {
                    exchange.setProperty(outerIndex, turn);
                }
                if (!inner.ran.isEmpty()) {
                    outer.ran.add(inner.outerTurn);
                }
                callback.done(doneSync);
            });
        }
    }
}

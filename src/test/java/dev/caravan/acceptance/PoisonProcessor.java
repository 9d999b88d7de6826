package dev.caravan.acceptance;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** A step that some events kill the process with, as want of memory or a fault in native code does. */
public final class PoisonProcessor implements Processor {
    static final String POISON = "int_poison";
    static final int KILLED = 87;

    @Override
    public void process(Exchange exchange) {
        if (exchange.getMessage().getBody().toString().contains(POISON)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}

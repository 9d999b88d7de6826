package dev.caravan.automation;

import dev.caravan.delivery.StepFailure;
import org.apache.camel.Exchange;

/** Asked before each step with an outside effect. */
@FunctionalInterface
public interface AttemptGate {

    /** Returns if the attempt that this exchange belongs to may still go on; safe for use by several threads. */
    void check(Exchange exchange) throws StepFailure;
}

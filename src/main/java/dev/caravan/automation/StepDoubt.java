package dev.caravan.automation;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.FailureClassifier;
import dev.caravan.sink.Look;
import dev.caravan.sink.ShippedKamelets;
import dev.caravan.sink.WhenUnsure;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.jspecify.annotations.Nullable;

/** What becomes of a step whose effect may have happened in an attempt that has ended. */
enum StepDoubt {
    /** Its sink looks whether it has. */
    LOOK,
    /** It counts as finished. That it begins is recorded before it does. */
    SKIP,
    /** It runs again. */
    REPEAT;

    static StepDoubt of(CamelContext context, ProcessorDefinition<?> definition, Kamelets kamelets) {
        if (!(definition instanceof EndpointRequiredDefinition sender)) {
            return REPEAT;
        }
        KameletCall call = KameletCall.of(sender.getEndpointUri()).orElse(null);
        if (call == null) {
            return REPEAT;
        }
        boolean shipped =
                kamelets.find(call.name()).map(Kamelets.Definition::shipped).orElse(false);
        if (shipped && ShippedKamelets.canLook(call.name())) {
            return LOOK;
        }
        return WhenUnsure.of(call.parameter(context, WhenUnsure.PARAMETER)) == WhenUnsure.SKIP ? SKIP : REPEAT;
    }

    /** Why an attempt cannot go on whose sink did not tell; what failed in its look is on the exchange. */
    static StepFailure notTold(
            String step, int after, @Nullable Look answer, Exchange exchange, FailureClassifier failures) {
        String sentence = "Step " + step + " was unsure after attempt " + after + " and ";
        if (answer instanceof Look.TooEarly early) {
            return passing(sentence + "its destination cannot tell yet.", 0, early.after());
        }
        Exception failure = exchange.getException();
        if (failure == null) {
            return passing(sentence + "its destination did not tell.", 0, null);
        }
        StepFailure known = failures.classify(failure);
        return passing(
                sentence + "its destination could not tell: " + known.getMessage(),
                known.httpStatus(),
                known.retryAfter().orElse(null));
    }

    private static StepFailure passing(String message, int status, @Nullable Duration wait) {
        return StepFailure.ofBody(StepFailure.Kind.PASSING, message, status, wait, null);
    }
}

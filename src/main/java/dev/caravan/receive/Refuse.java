package dev.caravan.receive;

import dev.caravan.inbox.Quarantine;
import dev.caravan.inbox.Refusal;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * Answers a refused request and keeps it in quarantine. One that is answered 200 although it became no event is kept
 * before the answer; for the others the answer does not wait, and in a flood some are only counted.
 */
final class Refuse extends AsyncProcessorSupport {
    private final Quarantine quarantine;
    private final KeptHeaders keptHeaders;
    private final Rejecting rejecting;

    Refuse(Quarantine quarantine, KeptHeaders keptHeaders, Rejecting rejecting) {
        this.quarantine = quarantine;
        this.keptHeaders = keptHeaders;
        this.rejecting = rejecting;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Refused refused = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Refused.class);
        Reception reception = exchange.getMessage().getBody(Reception.class);
        if (refused.kind() != Refusal.Kind.VERIFICATION) {
            reception.answer(refused.answer());
            quarantine.offer(refusal(refused, reception));
            rejecting.refused(
                    reception.source().name(),
                    refused.kind(),
                    refused.reason(),
                    reception.request().receivedAt());
            callback.done(true);
            return true;
        }
        quarantine
                .keep(refusal(refused, reception))
                .whenComplete((kept, failure) -> reception.eventLoop().execute(() -> {
                    reception.answer(failure == null ? refused.answer() : Answer.unavailable(Answers.CANNOT_STORE));
                    callback.done(false);
                }));
        return false;
    }

    private Refusal refusal(Refused refused, Reception reception) {
        return new Refusal(
                reception.source().name(),
                refused.kind(),
                refused.reason(),
                reception.request().receivedAt(),
                reception.address(),
                reception.request().method(),
                reception.request().uri(),
                keptHeaders.of(reception),
                reception.request().body());
    }
}

package dev.caravan.receive;

import dev.caravan.inbox.Refusal;
import dev.caravan.source.Identification;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Finds type, time and idempotency key of what a verified request brings. */
final class Identify implements Processor {

    @Override
    public void process(Exchange exchange) {
        Reception reception = exchange.getMessage().getBody(Reception.class);
        Identification identification = reception.source().identify(reception.request());
        if (identification instanceof Identification.Identified identified) {
            reception.identified(identified.events());
        } else if (identification instanceof Identification.VerificationRequest verification) {
            throw new Refused(
                    Refusal.Kind.VERIFICATION,
                    "answered as a verification request",
                    verification.challenge().map(Answer::challenge).orElseGet(Answer::ready));
        } else if (identification instanceof Identification.Malformed malformed) {
            throw new Refused(Refusal.Kind.MALFORMED, malformed.reason(), Answer.error(400, malformed.reason()));
        }
    }
}

package dev.caravan.receive;

import dev.caravan.inbox.Refusal;
import dev.caravan.source.Identification;
import dev.caravan.source.Verification;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Lets a request pass whose signature verifies over its raw bytes.
 *
 * <p>A source without a secret can verify nothing: it answers verification requests, because vendors show the secret
 * only after the endpoint answered, and everything else has to come again.
 */
final class Verify implements Processor {
    private final SecretMatches matches;

    Verify(SecretMatches matches) {
        this.matches = matches;
    }

    @Override
    public void process(Exchange exchange) {
        Reception reception = exchange.getMessage().getBody(Reception.class);
        Verification verification = reception.source().verify(reception.request());
        if (verification instanceof Verification.Refused refused) {
            throw new Refused(Refusal.Kind.UNVERIFIED, refused.reason(), Answer.error(401, refused.reason()));
        }
        if (verification instanceof Verification.Verified verified) {
            matches.matched(
                    reception.source(),
                    verified.secretIndex(),
                    reception.request().receivedAt());
        }
        if (verification instanceof Verification.NoSecret) {
            if (!(reception.source().identify(reception.request()) instanceof Identification.VerificationRequest)) {
                throw new Refused(
                        Refusal.Kind.NO_SECRET,
                        "the source has no secret yet",
                        Answer.unavailable("the source has no secret yet"));
            }
        }
    }
}

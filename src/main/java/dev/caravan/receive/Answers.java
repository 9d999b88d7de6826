package dev.caravan.receive;

import dev.caravan.inbox.StorageException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two ways in which the receive route ends: with what was stored, or with a fault of ours. */
final class Answers {
    static final String CANNOT_STORE = "the event cannot be stored right now";

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** Answers with what became of the events. */
    static Processor stored() {
        return exchange -> {
            Reception reception = exchange.getMessage().getBody(Reception.class);
            reception.answer(Answer.stored(reception.stored()));
        };
    }

    /** Answers a failure of ours: the vendor has to come again. Of its storage the inbox itself tells, once a while. */
    static Processor fault() {
        return exchange -> {
            Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            if (!(cause instanceof StorageException)) {
                LOG.warn("A request could not be stored: {}", cause.getMessage());
            }
            exchange.getMessage().getBody(Reception.class).answer(Answer.unavailable(CANNOT_STORE));
        };
    }
}

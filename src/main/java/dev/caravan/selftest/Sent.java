package dev.caravan.selftest;

import java.util.Optional;

/**
 * What became of one event that was sent, over all tries.
 *
 * @param source whose event it is
 * @param type of the event
 * @param eventId as the answer named it; empty where it was not accepted
 * @param answer what was said last where it was not accepted: a status and sentence, or that there was no answer
 * @param tries requests until it was settled
 * @param nanos from the accepted request to its answer
 */
record Sent(String source, String type, Optional<String> eventId, String answer, int tries, long nanos) {
    boolean accepted() {
        return eventId.isPresent();
    }
}

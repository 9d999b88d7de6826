package dev.caravan.source;

import java.util.List;
import java.util.Optional;

/** What a request holds. */
public sealed interface Identification {
    /**
     * Events.
     *
     * @param events at least one, in the order of the request
     */
    record Identified(List<NewEvent> events) implements Identification {}

    /**
     * A vendor's question whether the endpoint works: never an event.
     *
     * @param challenge the JSON body to answer with, where the vendor expects its challenge back
     */
    record VerificationRequest(Optional<String> challenge) implements Identification {}

    /**
     * Nothing usable.
     *
     * @param reason one sentence without payload
     */
    record Malformed(String reason) implements Identification {}
}

package dev.caravan.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison found and did.
 *
 * @param since items from before are not looked at
 * @param dry whether what is missing was only to be named
 * @param listed how many items the vendor lists since then, each counted once
 * @param unfinished those of them whose state makes no event
 * @param had those of them of which the inbox has the event
 * @param missing the others
 * @param problem why it ended early, in one sentence; what is missing by then was taken in
 */
public record Outcome(
        String source,
        String eventType,
        Instant since,
        boolean dry,
        int listed,
        int unfinished,
        int had,
        List<Missing> missing,
        Optional<String> problem) {
    public Outcome {
        missing = List.copyOf(missing);
    }

    /**
     * An item of which the inbox had no event.
     *
     * @param item the vendor's id
     * @param eventId of the event that was made; empty in a dry run
     */
    public record Missing(String item, Optional<String> eventId) {}
}

package dev.caravan.inbox;

import java.time.Instant;
import java.util.Map;

/**
 * That a source refuses requests.
 *
 * @param since the first refusal that is counted
 * @param counts how many of each kind there were since then
 * @param reason of the latest one, in one sentence without payload
 */
public record Rejections(String source, Instant since, Map<Refusal.Kind, Integer> counts, String reason) {
    public Rejections {
        counts = Map.copyOf(counts);
    }
}

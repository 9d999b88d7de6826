package dev.caravan.inbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A body in quarantine and what is known of the requests that brought it.
 *
 * @param requests in order of receipt, at least one: those whose method, URI or headers differ, as far as they are kept
 */
public record Quarantined(Summary summary, List<Request> requests, byte[] body) {

    /**
     * One of the requests.
     *
     * @param headers those that verification and identification read; a credential among them only as a keyed digest
     */
    public record Request(
            Instant receivedAt,
            String address,
            String reason,
            String method,
            String uri,
            Map<String, String> headers) {}

    /**
     * What a list shows.
     *
     * @param kind the label of a {@link Refusal.Kind}
     * @param reason why the first request became no event
     * @param receivedAt when the first request came
     * @param lastAt when the last one came
     * @param count how many came
     * @param bytes of the body
     * @param address where the first came from
     */
    public record Summary(
            String id,
            String source,
            String kind,
            String reason,
            Instant receivedAt,
            Instant lastAt,
            long count,
            long bytes,
            String address) {}
}

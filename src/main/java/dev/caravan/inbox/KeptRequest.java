package dev.caravan.inbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One of the requests that brought a body into quarantine: all but the body. Who knows a body can send it with other
 * headers, so that the first request stays whatever follows, and of later ones as many as are bounded: a sender with
 * several gives up its oldest for a new one, and none gives up its only one.
 *
 * @param receivedAt milliseconds since 1970
 * @param sender who shares one bound, see {@link Senders}
 */
record KeptRequest(
        long receivedAt,
        String address,
        String sender,
        String reason,
        String method,
        String uri,
        Map<String, String> headers) {
    private static final int MOST_LATER = 4;

    static KeptRequest of(Refusal refusal) {
        return new KeptRequest(
                refusal.receivedAt().toEpochMilli(),
                refusal.address(),
                Senders.of(refusal.address()),
                refusal.reason(),
                refusal.method(),
                refusal.uri(),
                refusal.headers());
    }

    Quarantined.Request request() {
        return new Quarantined.Request(Instant.ofEpochMilli(receivedAt), address, reason, method, uri, headers);
    }

    /** The later requests once this one has come too. */
    List<KeptRequest> addedTo(KeptRequest first, List<KeptRequest> later) {
        if (isLike(first) || later.stream().anyMatch(this::isLike)) {
            return later;
        }
        List<KeptRequest> all = new ArrayList<>(later);
        all.add(this);
        if (all.size() > MOST_LATER) {
            all.remove(leastMissed(all));
        }
        return all;
    }

    /** The oldest of the sender who has most; the newest, where each has one. */
    private static KeptRequest leastMissed(List<KeptRequest> all) {
        KeptRequest found = all.get(all.size() - 1);
        long most = 1;
        for (KeptRequest candidate : all) {
            long count = all.stream()
                    .filter(other -> other.sender.equals(candidate.sender))
                    .count();
            if (count > most) {
                most = count;
                found = candidate;
            }
        }
        return found;
    }

    private boolean isLike(KeptRequest other) {
        return method.equals(other.method) && uri.equals(other.uri) && headers.equals(other.headers);
    }

    /** Roughly what it takes up. */
    static long bytes(String headers, String uri) {
        return headers.length() + (long) uri.length();
    }
}

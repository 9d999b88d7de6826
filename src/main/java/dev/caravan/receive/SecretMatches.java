package dev.caravan.receive;

import dev.caravan.inbox.Quarantine;
import dev.caravan.source.CredentialDigests;
import dev.caravan.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records when each secret of a source last verified a request, each at most once a minute, so that storing events does
 * not pay for it. Safe for use by several threads.
 */
final class SecretMatches {
    private static final long OFTEN_ENOUGH = Duration.ofMinutes(1).toMillis();

    /** The secrets of one source, and when a match of each was recorded last. */
    private record Secrets(Source source, List<String> digests, List<AtomicLong> recorded) {
        static Secrets of(Source source, CredentialDigests digests) {
            List<String> all = source.secretDigests(digests);
            return new Secrets(
                    source,
                    all,
                    all.stream().map(secret -> new AtomicLong(Long.MIN_VALUE)).toList());
        }
    }

    private final Map<String, Secrets> bySource = new ConcurrentHashMap<>();
    private final Quarantine quarantine;
    private final CredentialDigests digests;

    SecretMatches(Quarantine quarantine, CredentialDigests digests) {
        this.quarantine = quarantine;
        this.digests = digests;
    }

    /** {@code index} is the secret's, from 0; nothing is recorded of a source that accepts unsigned requests. */
    void matched(Source source, int index, Instant time) {
        Secrets secrets = bySource.get(source.name());
        if (secrets == null || secrets.source() != source) {
            secrets = Secrets.of(source, digests);
            bySource.put(source.name(), secrets);
        }
        if (index < 0 || index >= secrets.digests().size()) {
            return;
        }
        AtomicLong recorded = secrets.recorded().get(index);
        long before = recorded.get();
        long now = time.toEpochMilli();
        boolean due = before == Long.MIN_VALUE || Math.abs(now - before) >= OFTEN_ENOUGH;
        if (due && recorded.compareAndSet(before, now)) {
            quarantine.matched(source.name(), secrets.digests().get(index), time);
        }
    }
}

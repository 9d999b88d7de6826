package dev.caravan.runtime;

import dev.caravan.delivery.Settled;
import dev.caravan.inbox.CommitObserver;
import dev.caravan.inbox.Purged;
import dev.caravan.inbox.Quarantine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node counts: requests by source and status, attempts by automation and outcome, how long attempts take, and
 * the commits of the inbox with what they held.
 * Labels hold names only. Thread-safe; counts nothing before {@link #recordIn}.
 */
final class NodeMetrics implements CommitObserver {
    private record Request(String source, int status) {}

    private record AttemptKind(String automation, String outcome) {}

    private final Map<Request, Counter> requests = new ConcurrentHashMap<>();
    private final Map<AttemptKind, Timer> attempts = new ConcurrentHashMap<>();
    private volatile @Nullable MeterRegistry registry;
    private volatile @Nullable Timer commits;
    private volatile @Nullable DistributionSummary writes;

    void recordIn(MeterRegistry meters) {
        registry = meters;
        commits = Timer.builder("caravan.inbox.commits")
                .description("Commits of the inbox, and how long they took")
                .register(meters);
        writes = DistributionSummary.builder("caravan.inbox.commit.writes")
                .description("How many writes a commit held")
                .register(meters);
    }

    /** Counts from now on the refused requests that are not kept. */
    static void watch(Quarantine quarantine, MeterRegistry meters) {
        FunctionCounter.builder("caravan.quarantine.dropped", quarantine, Quarantine::dropped)
                .description("Refused requests that were not kept, since too many waited or the inbox could not store")
                .register(meters);
    }

    @Override
    public void committing(int held) {}

    @Override
    public void committed(int held, Duration took) {
        Timer timer = commits;
        DistributionSummary summary = writes;
        if (timer != null && summary != null) {
            timer.record(took);
            summary.record(held);
        }
    }

    void purged(Purged purged) {
        count("events", purged.events());
        count("deliveries", purged.deliveries());
        count("keys", purged.keys());
    }

    private void count(String kind, long number) {
        MeterRegistry meters = registry;
        if (meters != null) {
            Counter.builder("caravan.purged")
                    .description("What retention has removed")
                    .tag("kind", kind)
                    .register(meters)
                    .increment((double) number);
        }
    }

    void answered(String source, int status) {
        MeterRegistry meters = registry;
        if (meters != null) {
            requests.computeIfAbsent(
                            new Request(source, status),
                            request -> Counter.builder("caravan.requests")
                                    .description("Answered POST requests")
                                    .tag("source", request.source())
                                    .tag("status", Integer.toString(request.status()))
                                    .register(meters))
                    .increment();
        }
    }

    void settled(Settled settled) {
        MeterRegistry meters = registry;
        if (meters != null) {
            AttemptKind kind = new AttemptKind(
                    settled.claimed().automation(),
                    settled.settlement().attempt().outcome().label());
            attempts.computeIfAbsent(
                            kind,
                            k -> Timer.builder("caravan.attempts")
                                    .description("Attempts that ended, and how long they took")
                                    .tag("automation", k.automation())
                                    .tag("outcome", k.outcome())
                                    .register(meters))
                    .record(settled.settlement().attempt().duration());
        }
    }
}

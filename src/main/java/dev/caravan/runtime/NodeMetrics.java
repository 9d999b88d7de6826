package dev.caravan.runtime;

import dev.caravan.delivery.Settled;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node counts: requests by source and status, attempts by automation and outcome, and how long attempts take.
 * Labels hold names only. Thread-safe; counts nothing before {@link #recordIn}.
 */
final class NodeMetrics {
    private record Request(String source, int status) {}

    private record AttemptKind(String automation, String outcome) {}

    private final Map<Request, Counter> requests = new ConcurrentHashMap<>();
    private final Map<AttemptKind, Timer> attempts = new ConcurrentHashMap<>();
    private volatile @Nullable MeterRegistry registry;

    void recordIn(MeterRegistry meters) {
        registry = meters;
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

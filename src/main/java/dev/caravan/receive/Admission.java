package dev.caravan.receive;

import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Quarantine;
import dev.caravan.inbox.QuarantineReader;
import dev.caravan.inbox.Quarantined;
import dev.caravan.inbox.StorageException;
import dev.caravan.inbox.Stored;
import dev.caravan.source.CredentialDigests;
import dev.caravan.source.CurrentSources;
import dev.caravan.source.Identification;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.Source;
import dev.caravan.source.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second way to become an event: a quarantined request that verifies now, as of the time at which it was received.
 * One that does not verify is never admitted. Thread-safe; blocks until what is admitted is on disk.
 */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final int AT_ONCE = 50;
    private static final long BYTES_AT_ONCE = 4L << 20;

    /** What became of a request that was asked for. */
    public enum Outcome {
        /** It is an event now. */
        ADMITTED,
        /** It was an event already; it has left quarantine. */
        DUPLICATE,
        /** It stays in quarantine. */
        REFUSED,
        /** It is not in quarantine. */
        ABSENT
    }

    /**
     * What became of a request.
     *
     * @param reason why it stays in quarantine, else empty
     * @param events the ids of the events that it is
     */
    public record Result(String id, Outcome outcome, String reason, List<String> events) {}

    /** {@code secret} is below 0 where nothing was signed. */
    private record Pass(String id, Instant receivedAt, int secret, List<Arrival> arrivals) {
        long bytes() {
            return arrivals.stream().mapToLong(arrival -> arrival.body().length).sum();
        }
    }

    private record Verdict(Optional<Pass> pass, String reason) {}

    private final Quarantine quarantine;
    private final QuarantineReader reader;
    private final CurrentSources sources;
    private final CredentialDigests digests;

    public Admission(Inbox inbox, CurrentSources sources, CredentialDigests digests) {
        this.quarantine = inbox.quarantine();
        this.reader = inbox.reader().quarantine();
        this.sources = sources;
        this.digests = digests;
    }

    /**
     * Admits one request if it verifies now.
     *
     * @throws StorageException where the inbox cannot be read or written
     */
    public Result admit(String id) {
        Optional<Quarantined> found = reader.find(id);
        if (found.isEmpty()) {
            return new Result(id, Outcome.ABSENT, "", List.of());
        }
        String name = found.get().summary().source();
        Optional<Source> source = sources.find(name);
        if (source.isEmpty()) {
            return new Result(id, Outcome.REFUSED, "The source " + name + " is not configured.", List.of());
        }
        Verdict verdict = judge(source.get(), found.get());
        if (verdict.pass().isEmpty()) {
            return new Result(id, Outcome.REFUSED, verdict.reason(), List.of());
        }
        return store(source.get(), List.of(verdict.pass().get())).get(0);
    }

    /**
     * Looks at all that a source has in quarantine and admits what a secret of it verifies now, in order of receipt,
     * after a line in the log that says how many. Unsigned requests stay, also where the source accepts such now.
     *
     * @return how many were admitted
     * @throws StorageException where the inbox cannot be read or written; what is not admitted yet stays in quarantine
     */
    public int admitAll(Source source) {
        List<String> ids = reader.idsOf(source.name());
        List<Pass> passing = new ArrayList<>();
        for (String id : ids) {
            reader.find(id)
                    .flatMap(found -> judge(source, found).pass())
                    .filter(pass -> pass.secret() >= 0)
                    .ifPresent(pass -> passing.add(withoutArrivals(pass)));
        }
        if (passing.isEmpty()) {
            LOG.debug("Source {}: none of {} quarantined requests verifies.", source.name(), ids.size());
            return 0;
        }
        LOG.info(
                "Source {}: {} of {} quarantined requests verify now; they are admitted in order of receipt.",
                source.name(),
                passing.size(),
                ids.size());
        passing.sort(Comparator.comparing(Pass::receivedAt));
        return admitInOrder(source, passing.stream().map(Pass::id).toList());
    }

    /** Their bodies together may be more than there is memory for. */
    private static Pass withoutArrivals(Pass pass) {
        return new Pass(pass.id(), pass.receivedAt(), pass.secret(), List.of());
    }

    private int admitInOrder(Source source, List<String> ids) {
        int admitted = 0;
        List<Pass> batch = new ArrayList<>();
        long bytes = 0;
        for (String id : ids) {
            Optional<Pass> pass =
                    reader.find(id).flatMap(found -> judge(source, found).pass());
            if (pass.isPresent()) {
                batch.add(pass.get());
                bytes += pass.get().bytes();
            }
            if (batch.size() == AT_ONCE || bytes >= BYTES_AT_ONCE) {
                admitted += count(store(source, batch));
                batch = new ArrayList<>();
                bytes = 0;
            }
        }
        return admitted + count(store(source, batch));
    }

    private static int count(List<Result> results) {
        return (int) results.stream()
                .filter(result -> result.outcome() == Outcome.ADMITTED)
                .count();
    }

    private List<Result> store(Source source, List<Pass> passes) {
        if (passes.isEmpty()) {
            return List.of();
        }
        List<Optional<List<Stored>>> stored = join(quarantine.admit(passes.stream()
                .map(pass -> new Quarantine.Admitted(pass.id(), pass.arrivals()))
                .toList()));
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < passes.size(); i++) {
            results.add(result(passes.get(i).id(), stored.get(i)));
        }
        recordMatches(source, passes);
        return results;
    }

    private void recordMatches(Source source, List<Pass> passes) {
        List<String> secrets = source.secretDigests(digests);
        for (int i = 0; i < secrets.size(); i++) {
            int secret = i;
            passes.stream()
                    .filter(pass -> pass.secret() == secret)
                    .map(Pass::receivedAt)
                    .max(Comparator.naturalOrder())
                    .ifPresent(latest -> quarantine.matched(source.name(), secrets.get(secret), latest));
        }
    }

    private static Result result(String id, Optional<List<Stored>> stored) {
        if (stored.isEmpty()) {
            return new Result(id, Outcome.ABSENT, "", List.of());
        }
        boolean duplicate = stored.get().stream().allMatch(Stored::duplicate);
        return new Result(
                id,
                duplicate ? Outcome.DUPLICATE : Outcome.ADMITTED,
                "",
                stored.get().stream().map(Stored::eventId).toList());
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException cause ? cause : e;
        }
    }

    /** Of the requests that brought the body, the first that verifies counts. */
    private Verdict judge(Source source, Quarantined found) {
        String reason = "";
        for (Quarantined.Request kept : found.requests()) {
            Verdict verdict = judge(source, found, kept);
            if (verdict.pass().isPresent()) {
                return verdict;
            }
            reason = reason.isEmpty() ? verdict.reason() : reason;
        }
        return new Verdict(Optional.empty(), reason);
    }

    private Verdict judge(Source source, Quarantined found, Quarantined.Request kept) {
        IncomingRequest request = new IncomingRequest(
                kept.method(), kept.uri(), KeptHeaders.read(kept.headers()), found.body(), kept.receivedAt());
        Verification verification = source.verifyKept(request, digests);
        if (verification instanceof Verification.Verified verified) {
            Identification identification = source.identify(request);
            if (identification instanceof Identification.Identified identified) {
                List<Arrival> arrivals = identified.events().stream()
                        .map(event -> Store.arrival(event, source, request.receivedAt(), kept.headers()))
                        .toList();
                return new Verdict(
                        Optional.of(
                                new Pass(found.summary().id(), request.receivedAt(), verified.secretIndex(), arrivals)),
                        "");
            }
            return refused(
                    identification instanceof Identification.Malformed malformed
                            ? malformed.reason()
                            : "It is a verification request, which is no event.");
        }
        return refused(
                verification instanceof Verification.Refused refused
                        ? refused.reason()
                        : "The source " + source.name() + " has no secret yet.");
    }

    private static Verdict refused(String reason) {
        return new Verdict(Optional.empty(), reason);
    }
}

package dev.caravan.inbox;

import dev.caravan.settings.Settings;
import dev.caravan.settings.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long an inbox keeps what it holds; an absent age keeps it for good. An event's payload is kept for as long as one
 * of its deliveries is, and an open delivery is always kept.
 *
 * @param succeeded a delivery that is done, from then on
 * @param dead a dead letter, from its last attempt on
 * @param discarded a delivery that a person gave up, from then on
 * @param unwanted an event without deliveries, from its arrival on
 * @param keys the idempotency keys of events whose payload is gone, from their arrival on
 */
public record RetentionSettings(
        Optional<Duration> succeeded,
        Optional<Duration> dead,
        Optional<Duration> discarded,
        Optional<Duration> unwanted,
        Optional<Duration> keys) {
    private static final String PREFIX = "caravan.retention.";
    private static final Optional<Duration> MONTH = Optional.of(Duration.ofDays(30));
    private static final Optional<Duration> QUARTER = Optional.of(Duration.ofDays(90));

    /** Reads {@code caravan.retention.…}. */
    public static RetentionSettings read(Settings settings) {
        RetentionSettings read = new RetentionSettings(
                age(settings, "succeeded", MONTH),
                age(settings, "dead", QUARTER),
                age(settings, "discarded", MONTH),
                age(settings, "unwanted", MONTH),
                age(settings, "keys", Optional.empty()));
        Optional<Duration> longest = read.payloads().max(Duration::compareTo);
        if (read.keys.isPresent() && longest.isPresent() && read.keys.get().compareTo(longest.get()) <= 0) {
            settings.problem(
                    PREFIX + "keys",
                    PREFIX
                            + "keys is not longer than the ages of payloads, so that a vendor's late retry would run again:"
                            + " give a longer age, or never.");
        }
        return read;
    }

    private static Optional<Duration> age(Settings settings, String name, Optional<Duration> def) {
        Optional<String> text = settings.text(PREFIX + name).map(String::strip).filter(given -> !given.isEmpty());
        if (text.isEmpty()) {
            return def;
        }
        if (text.get().equals("never") || text.get().equals("0")) {
            return Optional.empty();
        }
        Optional<Duration> age = Units.duration(text.get());
        if (age.isEmpty()) {
            settings.problem(
                    PREFIX + name,
                    PREFIX + name + " is \"" + text.get()
                            + "\"; give an age such as 30d, or never to keep it for good.");
            return def;
        }
        return age.filter(given -> !given.isZero());
    }

    private Stream<Duration> payloads() {
        return Stream.of(succeeded, dead, discarded, unwanted).flatMap(Optional::stream);
    }

    /** The shortest time that a payload is kept; empty where all are kept for good. */
    Optional<Duration> shortest() {
        return payloads().min(Duration::compareTo);
    }

    /** Whether a delivery that has been in a state since a time need not be kept any longer. */
    boolean isPast(DeliveryState state, Instant since, Instant now) {
        return switch (state) {
            case SUCCEEDED -> isPast(succeeded, since, now);
            case DEAD -> isPast(dead, since, now);
            case DISCARDED -> isPast(discarded, since, now);
            case PENDING, RUNNING, RETRYING -> false;
        };
    }

    /** Whether an event without deliveries that arrived at a time need not be kept any longer. */
    boolean isUnwantedPast(Instant receivedAt, Instant now) {
        return isPast(unwanted, receivedAt, now);
    }

    private static boolean isPast(Optional<Duration> age, Instant since, Instant now) {
        return age.isPresent() && since.isBefore(now.minus(age.get()));
    }
}

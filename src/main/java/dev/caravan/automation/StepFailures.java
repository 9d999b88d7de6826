package dev.caravan.automation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The failures of an attempt, each with where it came from. Shared by an exchange and its copies, since a split hands its
 * copies' failures on without their properties. Thread-safe.
 */
final class StepFailures {
    private static final String PROPERTY = "CaravanStepFailures";

    private final IdentityHashMap<Throwable, Failure> failures = new IdentityHashMap<>();
    private final List<Failure> inOrder = new ArrayList<>();

    private StepFailures() {}

    static StepFailures of(Exchange exchange) {
        StepFailures failures = exchange.getProperty(PROPERTY, StepFailures.class);
        if (failures == null) {
            failures = new StepFailures();
            exchange.setProperty(PROPERTY, failures);
        }
        return failures;
    }

    /** One failure, as it goes up through the steps around it. */
    private static final class Failure {
        private final Throwable first;
        private final String step;
        private final Set<Object> passed = new HashSet<>();
        private @Nullable String key;

        private Failure(Throwable first, String step) {
            this.first = first;
            this.step = step;
        }
    }

    /** A failure that came out of the attempt's steps, and the id of the innermost step. */
    record Seen(Throwable failure, String step) {}

    /**
     * Notes that a failure came out of a node.
     *
     * @param node known by identity
     * @param here the node's name
     * @return the innermost step that the failure came from; {@code here} where it is new
     */
    synchronized String failedIn(Throwable seen, Object node, String here) {
        Failure failure = find(seen).orElseGet(() -> {
            Failure fresh = new Failure(seen, here);
            inOrder.add(fresh);
            return fresh;
        });
        failures.put(seen, failure);
        failure.passed.add(node);
        return failure.step;
    }

    /** Notes that a failure came out of a step that can be recorded; the outermost such step counts. */
    synchronized void failedAt(Throwable seen, String key, String step) {
        Failure failure = find(seen).orElseGet(() -> {
            Failure fresh = new Failure(seen, step);
            inOrder.add(fresh);
            return fresh;
        });
        failures.put(seen, failure);
        failure.key = key;
    }

    /**
     * The step that is to be recorded as failed, since the route has caught its failure: once only. Empty where the node
     * is tried again by Camel itself, which takes the failure back.
     *
     * @param node that is about to run
     */
    synchronized Optional<String> takeCaught(Throwable caught, Object node) {
        Failure failure = find(caught).orElse(null);
        if (failure == null) {
            return Optional.empty();
        }
        if (failure.passed.contains(node)) {
            inOrder.remove(failure);
            failures.values().removeAll(Collections.singleton(failure));
            return Optional.empty();
        }
        String key = failure.key;
        failure.key = null;
        return Optional.ofNullable(key);
    }

    /** The failures that the route has not caught, in their order. */
    synchronized List<Seen> uncaught() {
        return inOrder.stream()
                .filter(failure -> failure.key != null)
                .map(failure -> new Seen(failure.first, failure.step))
                .toList();
    }

    /** The first failure that was not taken back. */
    synchronized Optional<Seen> first() {
        return inOrder.stream().findFirst().map(failure -> new Seen(failure.first, failure.step));
    }

    private Optional<Failure> find(Throwable seen) {
        for (Throwable at = seen; at != null; at = at.getCause()) {
            Failure failure = failures.get(at);
            if (failure != null) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }
}

package dev.caravan.inbox;

import java.util.List;
import java.util.Optional;

/**
 * What the definition of an automation says, whether it has ever been on or not.
 *
 * @param wanted what it would subscribe to
 * @param steps the ids of its steps with an outside effect, in their order; empty where they are not known
 */
public record Definition(Subscription wanted, List<String> steps) {
    public Definition {
        steps = List.copyOf(steps);
    }

    /** Looks a definition up. May be slow: it is asked only where the inbox does not know. */
    @FunctionalInterface
    public interface Lookup {
        /** Knows none. */
        Lookup NONE = automation -> Optional.empty();

        /** Empty where no automation of this id is defined. */
        Optional<Definition> find(String automation);
    }
}

package dev.caravan.manage;

import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.Definition;
import dev.caravan.inbox.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The automations as they are defined now, on or not. Thread-safe. */
public final class Definitions implements Definition.Lookup {
    private final Supplier<List<AutomationState>> automations;

    public Definitions(Supplier<List<AutomationState>> automations) {
        this.automations = automations;
    }

    @Override
    public Optional<Definition> find(String automation) {
        return automations.get().stream()
                .filter(state -> state.id().equals(automation)
                        && state.state() != AutomationState.State.REMOVED
                        && !state.sources().isEmpty())
                .map(Definitions::of)
                .findFirst();
    }

    private static Definition of(AutomationState state) {
        List<String> events = state.events().isEmpty() ? List.of("*") : state.events();
        return new Definition(new Subscription(state.id(), state.origin(), state.sources(), events), state.steps());
    }
}

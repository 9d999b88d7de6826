package dev.caravan.automation;

import dev.caravan.automation.AutomationState.State;
import dev.caravan.inbox.Breakage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The automations written in Java: loaded once, switched off like those in files. */
final class JavaAutomations {
    private static final Logger LOG = LoggerFactory.getLogger(JavaAutomations.class);

    private final JavaPlanner planner;
    private final RunningRoutes running;
    private final SubscriptionKeeper subscriptions;
    private final List<AutomationState> states = new ArrayList<>();
    private final List<Breakage> breakages = new ArrayList<>();
    private boolean idsKnown = true;

    JavaAutomations(JavaPlanner planner, RunningRoutes running, SubscriptionKeeper subscriptions) {
        this.planner = planner;
        this.running = running;
        this.subscriptions = subscriptions;
    }

    void start(Collection<? extends RouteBuilder> builders) {
        builders.forEach(builder -> start(planner.plan(builder)));
    }

    List<AutomationState> states() {
        return List.copyOf(states);
    }

    /** The classes that cannot run. */
    List<Breakage> breakages() {
        return List.copyOf(breakages);
    }

    /** Each id with the class that has it. */
    Map<String, String> idPlaces() {
        return planner.idPlaces();
    }

    /** Whether all builders could be read far enough to tell which automations they define. */
    boolean idsKnown() {
        return idsKnown;
    }

    private void start(JavaPlan planned) {
        JavaPlan plan = planned;
        if (plan.problem() == null) {
            try {
                run(plan);
            } catch (Exception e) {
                plan = plan.broken(CamelFailure.message(e));
            }
        }
        if (plan.problem() != null) {
            LOG.warn("{} It does not run.", plan.problem());
            breakages.add(plan.breakage(plan.problem()));
        }
        plan.warnings().forEach(warning -> LOG.warn("{}", warning));
        for (AutomationState state : plan.states()) {
            if (state.state() == State.OFF) {
                LOG.info("{}: automation {} is off: {}.", plan.origin(), state.id(), state.reason());
            }
        }
        states.addAll(plan.states());
        idsKnown &= plan.idsKnown();
    }

    private void run(JavaPlan plan) throws Exception {
        RouteBuilder builder = plan.builder();
        List<String> on = plan.states().stream()
                .filter(state -> state.state() == State.ON)
                .map(AutomationState::id)
                .toList();
        builder.getRouteCollection().getRoutes().removeIf(route -> !on.contains(route.getId()));
        if (on.isEmpty()) {
            return;
        }
        try {
            running.add(builder, plan.parameters(), plan.written());
            plan.states().stream().filter(state -> on.contains(state.id())).forEach(subscriptions::about);
            for (String id : on) {
                running.start(id);
            }
        } catch (Exception e) {
            running.remove(on);
            throw e;
        }
    }
}

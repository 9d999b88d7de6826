package dev.caravan.automation;

import dev.caravan.automation.AutomationState.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The automations written in Java: loaded once, switched off like those in files. */
final class JavaAutomations {
    private static final Logger LOG = LoggerFactory.getLogger(JavaAutomations.class);

    private final CamelContext context;
    private final RouteSettings settings;
    private final Requirements requirements;
    private final Kamelets kamelets;
    private final RunningRoutes running;
    private final SubscriptionKeeper subscriptions;
    private final List<AutomationState> states = new ArrayList<>();
    private final Map<String, String> idPlaces = new HashMap<>();

    JavaAutomations(
            CamelContext context,
            RouteSettings settings,
            Kamelets kamelets,
            RunningRoutes running,
            SubscriptionKeeper subscriptions) {
        this.context = context;
        this.settings = settings;
        this.requirements = new Requirements(settings.placeholders());
        this.kamelets = kamelets;
        this.running = running;
        this.subscriptions = subscriptions;
    }

    void start(Collection<? extends RouteBuilder> builders) {
        builders.forEach(this::start);
    }

    List<AutomationState> states() {
        return List.copyOf(states);
    }

    /** Each id with the class that has it. */
    Map<String, String> idPlaces() {
        return Map.copyOf(idPlaces);
    }

    private void start(RouteBuilder builder) {
        String origin = builder.getClass().getName();
        List<AutomationState> mine = new ArrayList<>();
        try {
            mine.addAll(configure(builder, origin));
            Map<String, Properties> parameters =
                    builder instanceof AutomationBuilder automation ? automation.parameters() : Map.of();
            claim(origin, mine, parameters.keySet());
            run(builder, mine, parameters);
            mine.stream()
                    .filter(state -> state.state() == State.OFF)
                    .forEach(state -> LOG.info("{}: automation {} is off: {}.", origin, state.id(), state.reason()));
            states.addAll(mine);
        } catch (Exception e) {
            broken(origin, mine, CamelFailure.message(e));
        }
    }

    private void broken(String origin, List<AutomationState> mine, String cause) {
        String reason = origin + ": " + cause;
        LOG.warn("{} It does not run.", reason);
        if (mine.isEmpty()) {
            Origin nowhere = new Origin(false, List.of(), List.of());
            mine.add(RoutePlanner.stateOf(settings, origin, origin, 0, "", nowhere, List.of(), List.of()));
        }
        mine.forEach(state -> states.add(state.broken(reason, false)));
    }

    private List<AutomationState> configure(RouteBuilder builder, String origin) throws Exception {
        Set<String> shared = new TreeSet<>();
        if (builder instanceof AutomationBuilder automation) {
            automation.equip(requirements, kamelets, settings.encode());
        }
        builder.addLifecycleInterceptor(new HeldRoutes());
        builder.configureRoutes(context);
        if (builder instanceof AutomationBuilder automation) {
            shared.addAll(automation.missing());
        }
        List<AutomationState> found = new ArrayList<>();
        for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
            if (!route.hasCustomIdAssigned()) {
                throw new IllegalArgumentException("a route has no id; give it one with .routeId(\"a-name\").");
            }
            Set<String> missing = new TreeSet<>(shared);
            texts(route).forEach(text -> missing.addAll(requirements.missingIn(text)));
            String from = route.getInput().getEndpointUri();
            Origin start = Origin.of(missing.isEmpty() ? requirements.resolved(from) : from, Map.of());
            String description = route.getDescription() == null ? "" : route.getDescription();
            found.add(RoutePlanner.stateOf(settings, route.getId(), origin, 0, description, start, missing, List.of()));
        }
        return found;
    }

    private void claim(String origin, List<AutomationState> mine, Set<String> kameletRoutes) {
        Set<String> ids = new TreeSet<>(kameletRoutes);
        for (AutomationState state : mine) {
            if (!ids.add(state.id())) {
                throw new IllegalArgumentException("the id `" + state.id() + "` is used twice.");
            }
        }
        for (String id : ids) {
            if (idPlaces.containsKey(id)) {
                throw new IllegalArgumentException("the id `" + id + "` is already used in " + idPlaces.get(id) + ".");
            }
        }
        ids.forEach(id -> idPlaces.put(id, origin));
    }

    private void run(RouteBuilder builder, List<AutomationState> mine, Map<String, Properties> parameters)
            throws Exception {
        List<String> on = mine.stream()
                .filter(state -> state.state() == State.ON)
                .map(AutomationState::id)
                .toList();
        builder.getRouteCollection().getRoutes().removeIf(route -> !on.contains(route.getId()));
        if (on.isEmpty()) {
            return;
        }
        try {
            running.add(builder, parameters);
            mine.stream().filter(state -> on.contains(state.id())).forEach(subscriptions::about);
            for (String id : on) {
                running.start(id);
            }
        } catch (Exception e) {
            running.remove(on);
            throw e;
        }
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static List<String> texts(RouteDefinition route) {
        List<String> texts = new ArrayList<>();
        texts.add(route.getInput().getEndpointUri());
        Collection<ProcessorDefinition<?>> steps = (Collection)
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class);
        for (ProcessorDefinition<?> step : steps) {
            if (step instanceof EndpointRequiredDefinition to && to.getEndpointUri() != null) {
                texts.add(to.getEndpointUri());
            } else if (step instanceof ToDynamicDefinition to && to.getUri() != null) {
                texts.add(to.getUri());
            } else if (step instanceof ExpressionNode node
                    && node.getExpression() != null
                    && node.getExpression().getExpression() != null) {
                texts.add(node.getExpression().getExpression());
            }
        }
        return texts;
    }
}

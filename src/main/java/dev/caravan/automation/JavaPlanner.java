package dev.caravan.automation;

import java.util.ArrayList;
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
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;

/** Reads the automations written in Java, builder by builder, and runs none. */
final class JavaPlanner {
    private final CamelContext context;
    private final RouteSettings settings;
    private final Requirements requirements;
    private final Kamelets kamelets;
    private final Map<String, String> idPlaces = new HashMap<>();

    /** @param context that the builders are configured for; need not be started */
    JavaPlanner(CamelContext context, RouteSettings settings, Kamelets kamelets) {
        this.context = context;
        this.settings = settings;
        this.requirements = new Requirements(settings.placeholders());
        this.kamelets = kamelets;
    }

    /** Each id read so far with the class that has it. */
    Map<String, String> idPlaces() {
        return Map.copyOf(idPlaces);
    }

    JavaPlan plan(RouteBuilder builder) {
        String origin = builder.getClass().getName();
        JavaPlan plan = new JavaPlan(builder, origin, Map.of(), Map.of(), List.of(), List.of(), null);
        try {
            List<AutomationState> states = configure(builder, origin);
            Map<String, Properties> parameters =
                    builder instanceof AutomationBuilder automation ? automation.parameters() : Map.of();
            Map<String, Map<String, String>> written =
                    builder instanceof AutomationBuilder automation ? automation.written() : Map.of();
            List<Finding> warnings = states.stream()
                    .flatMap(state -> RoutePlanner.unconfigured(settings, state, 0).stream())
                    .toList();
            plan = new JavaPlan(builder, origin, parameters, written, states, warnings, null);
            claim(origin, states, parameters.keySet());
            return plan;
        } catch (Exception e) {
            return plan.broken(CamelFailure.message(e));
        }
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
            refuse(route);
            Set<String> missing = new TreeSet<>(shared);
            texts(route).forEach(text -> missing.addAll(requirements.missingIn(text)));
            String from = route.getInput().getEndpointUri();
            Origin start = Origin.of(missing.isEmpty() ? requirements.resolved(from) : from, Map.of());
            String description = route.getDescription() == null ? "" : route.getDescription();
            found.add(RoutePlanner.stateOf(settings, route.getId(), origin, 0, description, start, missing, List.of())
                    .withSteps(steps(route)));
        }
        return found;
    }

    private static void refuse(RouteDefinition route) {
        if (StepRefusals.concern(route.getInput().getEndpointUri())) {
            for (ProcessorDefinition<?> step : ScratchCheck.steps(route)) {
                StepRefusals.of(step).ifPresent(reason -> {
                    throw new IllegalArgumentException(reason);
                });
            }
        }
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

    private static List<String> steps(RouteDefinition route) {
        return ScratchCheck.steps(route).stream()
                .filter(step -> StepKinds.isOutsideEffect(step.getShortName()))
                .map(StepTracker::stepOf)
                .toList();
    }

    private static List<String> texts(RouteDefinition route) {
        List<String> texts = new ArrayList<>();
        texts.add(route.getInput().getEndpointUri());
        for (ProcessorDefinition<?> step : ScratchCheck.steps(route)) {
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

package dev.caravan.automation;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Puts routes into the running Camel context and takes them out again with all that belongs to them: the routes that
 * Kamelets made, their endpoints and parameters, beans, route configurations. Called by one thread at a time.
 */
final class RunningRoutes {
    private static final int IN_FLIGHT_SECONDS = 30;
    private static final int DRAIN_LOOKS = 100;
    private static final int DRAIN_MILLIS = 10;

    private final ModelCamelContext context;

    RunningRoutes(CamelContext context, Kamelets kamelets) {
        this.context = (ModelCamelContext) context;
        KameletComponent component = component();
        component.setLocation(kamelets.locations());
        if (component.getRouteProperties() == null) {
            component.setRouteProperties(new ConcurrentHashMap<>());
        }
        context.getRegistry().bind(RoutePlanner.SKIPPED_STEP, (Processor) exchange -> {});
    }

    /** Adds the plan's routes without starting them. */
    void add(FilePlan plan) throws Exception {
        if (plan.runsNothing()) {
            return;
        }
        component().getRouteProperties().putAll(plan.parameters());
        WrittenParameters.of(context).put(plan.written());
        for (RoutesBuilder builder :
                PluginHelper.getRoutesLoader(context).findRoutesBuilders(RouteResources.of(plan))) {
            ((RouteBuilder) builder).addLifecycleInterceptor(new HeldRoutes());
            context.addRoutes(builder);
        }
    }

    /** Adds a builder's routes, that {@link HeldRoutes} has seen, without starting them. */
    void add(RouteBuilder held, Map<String, Properties> parameters, Map<String, Map<String, String>> written)
            throws Exception {
        component().getRouteProperties().putAll(parameters);
        WrittenParameters.of(context).put(written);
        context.addRoutes(held);
    }

    /** Starts a route unless its author wrote that it does not start by itself. */
    void start(String routeId) throws Exception {
        RouteDefinition definition = context.getRouteDefinition(routeId);
        if (definition != null && !HeldRoutes.staysStopped(definition)) {
            context.getRouteController().startRoute(routeId);
        }
    }

    boolean isRunning(String routeId) {
        ServiceStatus status = context.getRouteController().getRouteStatus(routeId);
        return status != null && status.isStarted();
    }

    /**
     * Stops the routes and removes them. All automations stop to take deliveries first; then each route waits at most
     * 30 s for its deliveries in flight, helper routes last, since those deliveries need them.
     */
    void remove(Collection<String> routeIds) throws Exception {
        List<String> automations =
                routeIds.stream().filter(this::takesDeliveries).toList();
        for (String id : automations) {
            ServiceHelper.suspendService(context.getRoute(id).getConsumer());
        }
        drain(automations);
        Set<String> order = new LinkedHashSet<>(automations);
        order.addAll(routeIds);
        for (String id : order) {
            context.getRouteController().stopRoute(id, IN_FLIGHT_SECONDS, TimeUnit.SECONDS);
        }
        Set<String> gone = new LinkedHashSet<>(routeIds);
        gone.addAll(kameletRoutesOf(gone));
        for (String id : gone) {
            context.getRouteController().stopRoute(id, IN_FLIGHT_SECONDS, TimeUnit.SECONDS);
            context.removeRoute(id);
            RouteDefinition left = context.getRouteDefinition(id);
            if (left != null) {
                context.removeRouteDefinition(left);
            }
        }
    }

    /** Camel's own stop looks once a second; most deliveries end sooner. */
    private void drain(List<String> automations) throws InterruptedException {
        for (int looks = 0; looks < DRAIN_LOOKS; looks++) {
            if (automations.stream().allMatch(this::isIdle)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(DRAIN_MILLIS);
        }
    }

    private boolean isIdle(String id) {
        Route route = context.getRoute(id);
        boolean claimed = route != null
                && route.getConsumer() instanceof ShutdownAware consumer
                && consumer.getPendingExchangesSize() > 0;
        return !claimed && context.getInflightRepository().size(id) == 0;
    }

    /** Forgets what the plan's routes were given, once they are removed. */
    void forget(FilePlan plan) throws Exception {
        removeOrphans(plan.parameters().keySet());
        plan.parameters().keySet().forEach(component().getRouteProperties()::remove);
        WrittenParameters.of(context).forget(plan.written());
        for (String bean : plan.beans()) {
            context.getRegistry().unbind(bean);
        }
        for (String id : plan.configurations()) {
            RouteConfigurationDefinition configuration = context.getRouteConfigurationDefinition(id);
            if (configuration != null) {
                context.removeRouteConfiguration(configuration);
            }
        }
    }

    /** Makes the next use of these Kamelets read their files again. */
    void forgetKamelets(Collection<String> names) throws Exception {
        for (String name : names) {
            context.removeRouteTemplateDefinitions(name);
        }
    }

    /** A Kamelet's route whose caller was never made: the caller failed after it. */
    private void removeOrphans(Collection<String> kameletRouteIds) throws Exception {
        for (String id : kameletRouteIds) {
            if (context.getRouteDefinition(id) != null) {
                remove(List.of(id));
            }
        }
    }

    private Set<String> kameletRoutesOf(Set<String> parents) {
        Set<String> found = new LinkedHashSet<>();
        Set<String> level = parents;
        while (!level.isEmpty()) {
            Set<String> next = new HashSet<>();
            for (RouteDefinition route : List.copyOf(context.getRouteDefinitions())) {
                Map<String, Object> parameters =
                        route.getTemplateParameters() == null ? new HashMap<>() : route.getTemplateParameters();
                if (Boolean.TRUE.equals(route.isKamelet())
                        && level.contains(String.valueOf(parameters.get("parentRouteId")))
                        && found.add(route.getId())) {
                    next.add(route.getId());
                }
            }
            level = next;
        }
        return found;
    }

    private boolean takesDeliveries(String id) {
        Route route = context.getRoute(id);
        return route != null
                && isRunning(id)
                && route.getEndpoint().getEndpointUri().startsWith("inbox:");
    }

    private KameletComponent component() {
        return context.getComponent("kamelet", KameletComponent.class);
    }
}

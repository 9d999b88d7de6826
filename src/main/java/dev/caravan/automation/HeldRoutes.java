package dev.caravan.automation;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.RouteDefinition;

/**
 * Prepares routes on their way into Camel: they do not start by themselves, since the subscription comes first; and
 * node ids get the route's id as a prefix, since Camel wants step ids unique among all routes and Caravan only within
 * one.
 */
final class HeldRoutes implements RouteBuilderLifecycleStrategy {
    private static final String STAYS_STOPPED = "caravanStaysStopped";

    @Override
    public void afterConfigure(RouteBuilder builder) {
        for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
            if ("false".equals(route.getAutoStartup())) {
                route.routeProperty(STAYS_STOPPED, "true");
            }
            route.setAutoStartup("false");
            route.setNodePrefixId(prefix(route.getId()));
        }
    }

    static String prefix(String routeId) {
        return routeId + "/";
    }

    static boolean staysStopped(RouteDefinition route) {
        return route.getRouteProperties() != null
                && route.getRouteProperties().stream().anyMatch(property -> STAYS_STOPPED.equals(property.getKey()));
    }
}

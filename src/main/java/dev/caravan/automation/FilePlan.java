package dev.caravan.automation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * What to run of one route file.
 *
 * @param text the file's text as Camel gets it: every line keeps its number, parameter values and what is off are out
 * @param parameters by Kamelet route id: the values that the uses take by reference
 * @param written the same as the file has them, by name
 * @param kamelets names of the Kamelets used
 * @param routeIds the routes to run, in order
 * @param beans names of beans that the file defines
 * @param findings what is wrong with the values that the file gets from the settings; with an error it does not run
 * @param configurations ids of the file's route configurations
 */
record FilePlan(
        RouteFile source,
        String text,
        Map<String, Properties> parameters,
        Map<String, Map<String, String>> written,
        Set<String> kamelets,
        List<String> routeIds,
        List<String> beans,
        List<String> configurations,
        List<AutomationState> states,
        List<Finding> findings) {

    Optional<Finding> firstError() {
        return findings.stream().filter(Finding::isError).findFirst();
    }

    String file() {
        return source.name();
    }

    boolean runsNothing() {
        return routeIds.isEmpty();
    }
}

package dev.caravan.automation;

import dev.caravan.automation.RouteFile.FromOption;
import dev.caravan.automation.RouteFile.Part;
import dev.caravan.settings.Units;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Finds what is wrong with the options of a route's {@code inbox:}, each at its own line. */
final class InboxOptions {
    /** What Camel gives every consumer. */
    private static final Set<String> CAMELS = Set.of("bridgeErrorHandler", "exceptionHandler", "exchangePattern");

    private InboxOptions() {}

    /** @param resolve puts the values of placeholders in; all have one */
    static List<Finding> check(String file, Part route, UnaryOperator<String> resolve) {
        String uri = resolve.apply(route.from());
        if (!Origin.isInbox(uri)) {
            return List.of();
        }
        Map<String, FromOption> options = inUri(uri, route.fromLine());
        route.parameters()
                .forEach((name, option) ->
                        options.put(name, new FromOption(resolve.apply(option.value()), option.line())));
        List<Finding> findings = new ArrayList<>();
        options.forEach((name, option) -> problem(name, option.value())
                .ifPresent(problem -> findings.add(Finding.error(file, option.line(), problem))));
        Map<String, String> values = new LinkedHashMap<>();
        options.forEach((name, option) -> values.put(name, option.value()));
        if (Origin.of(uri, values).sources().isEmpty()) {
            findings.add(Finding.error(
                    file, route.fromLine(), "`inbox:` names no source; write inbox:NAME, inbox:NAME,NAME or inbox:*."));
        }
        return findings;
    }

    private static Map<String, FromOption> inUri(String uri, int line) {
        Map<String, FromOption> options = new LinkedHashMap<>();
        int query = uri.indexOf('?');
        if (query >= 0) {
            for (String pair : uri.substring(query + 1).split("&", -1)) {
                String[] halves = pair.split("=", 2);
                if (!pair.isEmpty()) {
                    options.put(halves[0], new FromOption(halves.length > 1 ? halves[1] : "", line));
                }
            }
        }
        return options;
    }

    private static Optional<String> problem(String name, String value) {
        if (!InboxEndpoint.OPTIONS.contains(name) && !CAMELS.contains(name)) {
            return Optional.of("`inbox:` has no option `" + name + "`; it has: "
                    + String.join(", ", new TreeSet<>(InboxEndpoint.OPTIONS)) + ".");
        }
        return switch (name) {
            case "retry" -> isWaits(value) ? Optional.empty() : wrong(name, value, "write waits like 10s,1m,5m.");
            case "concurrency" ->
                Units.whole(value.strip(), 1, InboxEndpoint.MOST_AT_ONCE).isPresent()
                        ? Optional.empty()
                        : wrong(name, value, "give a whole number from 1 to " + InboxEndpoint.MOST_AT_ONCE + ".");
            default -> Optional.empty();
        };
    }

    private static Optional<String> wrong(String name, String value, String advice) {
        return Optional.of("the option `" + name + "` of `inbox:` is `" + value + "`; " + advice);
    }

    private static boolean isWaits(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .allMatch(wait -> wait.isEmpty() || Units.duration(wait).isPresent());
    }
}

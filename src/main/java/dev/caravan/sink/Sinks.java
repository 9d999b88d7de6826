package dev.caravan.sink;

import java.time.Clock;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;

/**
 * What sinks need from the program around them; one bean in Camel's registry, found by its type.
 *
 * @param clock for signatures and {@code Retry-After} dates
 * @param destinations where requests are sent
 * @param downloads what may be downloaded
 * @param statements sees every statement that {@code database-upsert-sink} is about to run, and says whether it runs:
 *     true in service and in the demo, false in a dry run
 * @param budgets how often each account may be asked
 */
public record Sinks(
        Clock clock,
        Destinations destinations,
        DownloadRules downloads,
        Predicate<SqlStatement> statements,
        Budgets budgets) {

    /** What a node in service uses. */
    public static Sinks inService(Clock clock, DownloadRules downloads, Budgets budgets) {
        return new Sinks(clock, Destinations.real(), downloads, statement -> true, budgets);
    }

    /** The bean in the registry. */
    public static Sinks of(CamelContext context) {
        Sinks sinks = context.getRegistry().findSingleByType(Sinks.class);
        if (sinks == null) {
            throw new IllegalStateException("The registry holds no " + Sinks.class.getName() + ": bind one");
        }
        return sinks;
    }
}

package dev.caravan.dryrun;

import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentResolver;
import org.jspecify.annotations.Nullable;

/**
 * Decides which components a dry run has: those that stay in this process as they are, those that are captured in their
 * captured form, and of every other a {@link RefusedComponent}.
 */
final class ComponentGuard implements ComponentResolver {
    /** platform-http and receive only listen; http and https are led to the capturing server by their client. */
    private static final Set<String> AS_THEY_ARE = Set.of(
            "bean",
            "browse",
            "class",
            "dataformat",
            "dataset",
            "direct",
            "http",
            "https",
            "inbox",
            "kamelet",
            "language",
            "log",
            "micrometer",
            "mock",
            "platform-http",
            "receive",
            "ref",
            "rest",
            "rest-api",
            "scheduler",
            "seda",
            "stub",
            "timer",
            "validator");

    private final ComponentResolver real;
    private final Function<String, @Nullable Component> captured;
    private final BiConsumer<String, String> refusals;

    /**
     * @param captured the captured form of a component, null if it has none
     * @param refusals as for {@link RefusedComponent}
     */
    ComponentGuard(
            ComponentResolver real,
            Function<String, @Nullable Component> captured,
            BiConsumer<String, String> refusals) {
        this.real = real;
        this.captured = captured;
        this.refusals = refusals;
    }

    @Override
    public @Nullable Component resolveComponent(String name, CamelContext context) throws Exception {
        if (AS_THEY_ARE.contains(name)) {
            return real.resolveComponent(name, context);
        }
        Component instead = captured.apply(name);
        if (instead != null) {
            return instead;
        }
        // A name that nobody knows stays unknown, so that a typing error shows as one.
        return real.resolveComponent(name, context) == null ? null : new RefusedComponent(name, refusals);
    }
}

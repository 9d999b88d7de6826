package dev.caravan.dryrun;

import dev.caravan.sink.Destinations;
import dev.caravan.sink.SqlStatement;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceResolver;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * What makes a node's dry run safe, and what it was seen to do. One per node; thread-safe.
 *
 * <p>A node in dry run takes {@link #destinations()} and {@link #statements()} for its sinks, has its Camel context
 * {@linkplain #install prepared} before any component or route is in it, and closes this after the context.
 */
public final class DryRun implements AutoCloseable {
    /** Older effects are forgotten, so that a long dry run does not grow. */
    private static final int KEPT = 10_000;

    /** What happens to SQL. */
    public enum Sql {
        /** It is run, on a database that nothing else needs, and shown. */
        RUN,
        /** It is shown only. */
        SHOW
    }

    private final Clock clock;
    private final Sql sql;
    private final CurrentStep step = new CurrentStep();
    private final PassEnds ends = new PassEnds();
    private final SqlEffects statements;
    private final CaptureServer server;
    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private final List<Consumer<Effect>> listeners = new CopyOnWriteArrayList<>();

    private DryRun(Clock clock, Sql sql) {
        this.clock = clock;
        this.sql = sql;
        this.statements = new SqlEffects(sql == Sql.RUN, this::record);
        this.server = CaptureServer.start(clock, request -> record(new Effect.Request(request)));
    }

    /**
     * Starts the capturing server.
     *
     * @throws java.io.UncheckedIOException if it cannot listen on loopback
     */
    public static DryRun start(Clock clock, Sql sql) {
        return new DryRun(clock, sql);
    }

    /** Leads every HTTP request to the capturing server. */
    public Destinations destinations() {
        return Destinations.capturedAt(server.port());
    }

    /** Sees every statement of {@code database-upsert-sink} before it is run, and says whether it is. */
    public Predicate<SqlStatement> statements() {
        return statements::announce;
    }

    /** Prepares a node's context: guards its components and notes which step runs. */
    public void install(CamelContext context) {
        guard(context);
        context.getCamelContextExtension().addInterceptStrategy(ends);
        context.getCamelContextExtension().addInterceptStrategy(step);
    }

    /** Guards the components of a context; enough for one in which routes are only checked. */
    public void guard(CamelContext context) {
        ComponentResolver real = PluginHelper.getComponentResolver(context.getCamelContextExtension());
        ComponentGuard guard = new ComponentGuard(
                real, this::captured, (name, sentence) -> record(new Effect.Refusal(name, sentence)));
        context.getCamelContextExtension().addContextPlugin(ComponentResolver.class, guard);
        for (String scheme : List.of("http", "https", "github", "gist")) {
            context.getRegistry().bind("resource-loader-" + scheme, ResourceResolver.class, new NoResources(scheme));
        }
    }

    private @Nullable Component captured(String name) {
        return switch (name) {
            case "jdbc" -> new CapturedJdbc(statements, sql == Sql.RUN);
            case "slack" -> new CapturedSlack(destinations());
            default -> null;
        };
    }

    /** What was seen so far, in order. */
    public List<Effect> effects() {
        synchronized (effects) {
            return List.copyOf(effects);
        }
    }

    /** What one delivery was seen to do, in order. */
    public List<Effect> effects(String eventId, String automation) {
        return effects().stream()
                .filter(effect -> effect.place().eventId().equals(eventId)
                        && effect.place().automation().equals(automation))
                .toList();
    }

    /** Tells of each further effect, on the thread that sees it, which must not be held up. */
    public void listen(Consumer<Effect> listener) {
        listeners.add(listener);
    }

    /**
     * Tells the {@linkplain Effect.Place#pass pass} of each step that has ended well, once Caravan has recorded that it
     * has, on the thread that goes on with the route.
     */
    public void listenToEnds(LongConsumer listener) {
        ends.listen(listener);
    }

    @Override
    public void close() {
        server.close();
    }

    private void record(Effect.What what) {
        Effect effect = new Effect(step.place(), clock.instant(), what);
        synchronized (effects) {
            effects.add(effect);
            if (effects.size() > KEPT) {
                effects.remove();
            }
        }
        listeners.forEach(listener -> listener.accept(effect));
    }

    /** Refuses what an expression or a component would load from elsewhere. */
    private static final class NoResources extends ServiceSupport implements ResourceResolver {
        private final String scheme;
        private @Nullable CamelContext context;

        NoResources(String scheme) {
            this.scheme = scheme;
        }

        @Override
        public String getSupportedScheme() {
            return scheme;
        }

        @Override
        public Resource resolve(String location) {
            throw new IllegalArgumentException(
                    "A dry run loads nothing over " + scheme + ": keep the resource in a file beside the routes.");
        }

        @Override
        public @Nullable CamelContext getCamelContext() {
            return context;
        }

        @Override
        public void setCamelContext(CamelContext camelContext) {
            this.context = camelContext;
        }
    }
}

package dev.caravan.runtime;

import dev.caravan.automation.AutomationState;
import dev.caravan.automation.Automations;
import dev.caravan.automation.IdempotencyKeys;
import dev.caravan.automation.Kamelets;
import dev.caravan.automation.RoutesWatcher;
import dev.caravan.delivery.Dispatcher;
import dev.caravan.delivery.Settled;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.InboxSettings;
import dev.caravan.inbox.Settlement;
import dev.caravan.manage.ManagementApi;
import dev.caravan.manage.QuarantineApi;
import dev.caravan.manage.Readiness;
import dev.caravan.manage.ReconcileApi;
import dev.caravan.manage.ReplayApi;
import dev.caravan.manage.SourcesApi;
import dev.caravan.receive.Admission;
import dev.caravan.receive.ListenAddress;
import dev.caravan.receive.PublicListener;
import dev.caravan.receive.PublicListenerFactory;
import dev.caravan.receive.ReceiveRoute;
import dev.caravan.settings.InvalidSettings;
import dev.caravan.sink.DataSources;
import dev.caravan.source.CredentialDigests;
import dev.caravan.source.CurrentSources;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Caravan. Starts from the inside out (inbox, automations, management, and the public listener last) and
 * stops from the outside in: intake ends, what is in flight finishes, the rest stays in the inbox for the next start.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    /** With the 5 s that the inbox may take for its last writes, 30 s. */
    static final Duration GRACE = Duration.ofSeconds(25);

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Inbox inbox;
    private final Automations automations;
    private final PublicListener listener;
    private final int managementPort;

    private Node(NodeConfig config, NodeOptions options) throws Exception {
        Clock clock = options.clock();
        try {
            LibFolder.join(options.directory());
            NodeMetrics metrics = new NodeMetrics();
            inbox = closing(Inbox.open(inboxOf(config, options), clock, metrics.andThen(options.commits())));
            Dispatcher dispatcher = closing(new Dispatcher(
                    inbox, GRACE, options.settled().andThen(metrics::settled).andThen(Node::tell)));
            inbox.quarantine().bound(config.quarantine());
            CurrentSources sources = new CurrentSources(config.sources());
            CredentialDigests digests = new CredentialDigests(inbox.digestKey());
            Admission admission = new Admission(inbox, sources, digests);
            Readiness readiness = new Readiness(inbox);
            PublicListenerFactory listeners = new PublicListenerFactory();
            Main main = new Main();
            CamelSetup setup =
                    new CamelSetup(config, sources, options, dispatcher::open, metrics::answered, inbox::nodes, clock);
            setup.configure(main);
            DataSources dataSources = closing(DataSources.open(options.state(), config.dataSources()));
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeInitialize(BaseMainSupport starting) {
                    dataSources.bind(starting.getCamelContext().getRegistry());
                }
            });
            main.bind("idempotency", new IdempotencyKeys(inbox));
            main.bind("caravan-listener", listeners);
            main.bind("caravan-readiness", readiness);
            main.configure().addRoutesBuilder(new ReceiveRoute(inbox, digests));
            managementAddress(config).check();
            start(main);
            closing.push(main::stop);
            CamelContext context = main.getCamelContext();
            MeterRegistry meters = context.getRegistry().findSingleByType(MeterRegistry.class);
            metrics.recordIn(meters);
            NodeMetrics.watch(inbox.quarantine(), meters);
            closing.push(() -> stopIntake(context));
            Kamelets kamelets = setup.kamelets();
            automations = new Automations(
                    context,
                    options.directory(),
                    setup.routeSettings(),
                    kamelets,
                    new InboxSubscriptions(inbox),
                    setup::prepareScratch);
            VertxPlatformHttpRouter router = managementRouter(context);
            new ManagementApi(inbox, automations::states, config.management()).register(router);
            new SourcesApi(inbox, sources, digests).register(router);
            new QuarantineApi(inbox, admission).register(router);
            new ReconcileApi(inbox, sources).register(router);
            new ReplayApi(inbox, automations::states, clock).register(router);
            managementPort = router.getServer().getPort();
            if (config.roles().contains(Role.DELIVER)) {
                automations.watch(new BreakageTelling(inbox.systemEvents()));
                automations.start(builders());
                RoutesWatcher watcher = new RoutesWatcher(options.directory(), automations);
                watcher.start();
                closing.push(watcher);
            }
            readiness.routesLoaded();
            listener = listeners
                    .listener()
                    .orElseThrow(() -> new IllegalStateException("camel.server.enabled is false: remove that line."));
            if (config.roles().contains(Role.RECEIVE)) {
                listener.open();
            }
            SourceUpdates updates =
                    closing(new SourceUpdates(config.settings(), sources, admission, inbox.quarantine()));
            updates.start();
            closing.push(Purger.start(inbox.purge(), config.retention(), metrics::purged));
            new NodePorts(listener.getPort(), managementPort).write(options.data());
        } catch (Exception e) {
            close();
            throw e;
        }
        if (config.roles().contains(Role.RECEIVE)) {
            LOG.info("Receiving on port {}; console and API on port {}.", port(), managementPort);
        } else {
            LOG.info("Delivering only; console and API on port {}.", managementPort);
        }
    }

    /**
     * Starts a node and returns when it accepts requests.
     *
     * @throws dev.caravan.inbox.StorageException where the data directory cannot be used
     * @throws Exception where it cannot start for another reason; the message is for people
     */
    public static Node start(NodeConfig config, NodeOptions options) throws Exception {
        return new Node(config, options);
    }

    /** What arrives in a dry run is not for the other nodes of a shared inbox. */
    private static InboxSettings inboxOf(NodeConfig config, NodeOptions options) {
        return options.inboxOfSettings()
                ? config.inbox().in(options.data())
                : config.inbox().apart(options.data());
    }

    /** Camel's own words for a setting that it does not know hold its value and the bean that has no such thing. */
    private static void start(Main main) throws Exception {
        try {
            main.start();
        } catch (PropertyBindingException unknown) {
            String key = unknown.getOptionKey() == null ? unknown.getPropertyName() : unknown.getOptionKey();
            String prefix = unknown.getOptionPrefix() == null ? "" : unknown.getOptionPrefix();
            throw new InvalidSettings(List.of(prefix + key
                    + " is not a setting that Camel " + main.getCamelContext().getVersion()
                    + " knows, or its value does not fit: correct it or remove it."));
        }
    }

    private static ListenAddress managementAddress(NodeConfig config) {
        return new ListenAddress(config.management().host(), config.management().port(), "camel.management.port");
    }

    /** A dead letter is a person's to look after, so it is logged; every attempt can be seen in the inbox. */
    private static void tell(Settled settled) {
        if (settled.settlement().state() == DeliveryState.DEAD) {
            Settlement.Attempt attempt = settled.settlement().attempt();
            LOG.warn(
                    "Delivery {} of automation {} is dead after attempt {}, at step {}: {} See: event {}",
                    settled.claimed().deliveryId(),
                    settled.claimed().automation(),
                    attempt.number(),
                    attempt.step().orElse("none"),
                    attempt.message()
                            .map(message -> message.endsWith(".") ? message : message + ".")
                            .orElse("no reason is known."),
                    settled.claimed().event().id());
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        closing.push(part);
        return part;
    }

    /** The automations written in Java, of the jar and of {@code lib/}. */
    static List<RouteBuilder> builders() {
        return ServiceLoader.load(RouteBuilder.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static VertxPlatformHttpRouter managementRouter(CamelContext context) {
        return context.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .filter(VertxPlatformHttpRouter::isManagementServer)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("camel.management.enabled is false: remove that line."));
    }

    /** The port of the public listener. */
    public int port() {
        return listener.getPort();
    }

    public int managementPort() {
        return managementPort;
    }

    public InboxReader inboxReader() {
        return inbox.reader();
    }

    public List<AutomationState> automations() {
        return automations.states();
    }

    private static void stopIntake(CamelContext context) throws Exception {
        Route receive = context.getRoute(ReceiveRoute.ID);
        if (receive != null) {
            ServiceHelper.suspendService(receive.getConsumer());
        }
    }

    /** Ends intake, waits up to 25 s for what is in flight, and stops within 30 s. */
    @Override
    public void close() {
        while (!closing.isEmpty()) {
            AutoCloseable part = closing.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("Stopping {} failed: {}", part.getClass().getSimpleName(), e.getMessage());
            }
        }
    }
}

package dev.caravan.runtime;

import dev.caravan.automation.InboxComponent;
import dev.caravan.automation.Kamelets;
import dev.caravan.automation.RouteSettings;
import dev.caravan.automation.StepTracker;
import dev.caravan.delivery.Attempt;
import dev.caravan.dryrun.DryRun;
import dev.caravan.receive.AnswerObserver;
import dev.caravan.receive.ReceiveComponent;
import dev.caravan.receive.TlsSettings;
import dev.caravan.settings.SystemSource;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.FailureClassifier;
import dev.caravan.sink.HttpDefaults;
import dev.caravan.sink.ParameterCode;
import dev.caravan.sink.ShippedKamelets;
import dev.caravan.sink.Sinks;
import dev.caravan.source.CurrentSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;

/** How Camel is set up for a node. */
final class CamelSetup extends MainListenerSupport {
    private final NodeConfig config;
    private final CurrentSources sources;
    private final InboxComponent.Lanes lanes;
    private final Optional<DryRun> dryRun;
    private final AnswerObserver answers;
    private final Sinks sinks;
    private final Clock clock;
    private final Kamelets kamelets;

    CamelSetup(
            NodeConfig config,
            CurrentSources sources,
            NodeOptions options,
            InboxComponent.Lanes lanes,
            AnswerObserver answers,
            IntSupplier nodes,
            Clock clock) {
        this.config = config;
        this.sources = sources;
        this.lanes = lanes;
        this.dryRun = options.dryRun();
        this.sinks = dryRun.map(dry ->
                        new Sinks(clock, dry.destinations(), config.downloads(), dry.statements(), Budgets.none()))
                .orElseGet(() -> Sinks.inService(clock, config.downloads(), Budgets.of(config.rates(), nodes)));
        this.answers = answers;
        this.clock = clock;
        this.kamelets = new Kamelets(
                options.directory(), ShippedKamelets.NAMES.stream().sorted().toList());
    }

    Sinks sinks() {
        return sinks;
    }

    Kamelets kamelets() {
        return kamelets;
    }

    void configure(Main main) {
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setInitialProperties(defaults());
        Properties properties = config.settings().properties();
        properties.putAll(fixed());
        main.setOverrideProperties(properties);
        main.addMainListener(this);
        main.bind("sinks", sinks);
    }

    /** What a user's file may say otherwise. */
    private static Properties defaults() {
        Properties properties = new Properties();
        properties.setProperty("camel.server.port", "8080");
        properties.setProperty("camel.management.host", "127.0.0.1");
        properties.setProperty("camel.metrics.enabled", "true");
        properties.setProperty("camel.metrics.enableRoutePolicy", "false");
        properties.setProperty("camel.metrics.enableExchangeEventNotifier", "false");
        return properties;
    }

    /** What Caravan relies on. */
    private Properties fixed() {
        Properties properties = new Properties();
        properties.setProperty("camel.main.name", "caravan");
        properties.setProperty("camel.main.autoConfigurationLogSummary", "false");
        properties.setProperty("camel.main.basePackageScanEnabled", "false");
        properties.setProperty("camel.main.routesIncludePattern", "false");
        properties.setProperty("camel.main.jmxEnabled", "false");
        properties.setProperty("camel.main.shutdownTimeout", Long.toString(Node.GRACE.toSeconds()));
        properties.setProperty("camel.main.startupSummaryLevel", "Off");
        properties.setProperty("camel.server.enabled", "true");
        properties.setProperty("camel.management.enabled", "true");
        properties.setProperty("camel.management.port", Integer.toString(managementPort()));
        properties.setProperty("camel.management.healthCheckEnabled", "true");
        properties.setProperty("camel.management.metricsEnabled", "true");
        properties.setProperty("camel.health.enabled", "true");
        properties.setProperty("camel.health.routesEnabled", "false");
        properties.setProperty("camel.health.consumersEnabled", "false");
        properties.setProperty("camel.component.kamelet.location", kamelets.locations());
        config.tls().keyStore().ifPresent(file -> properties.setProperty(TlsSettings.KEY_STORE, "file:" + file));
        return properties;
    }

    /** Camel 4.18 cannot start its management server on port 0, any free one: it then looks for a router it has not. */
    private int managementPort() {
        if (config.management().port() != 0) {
            return config.management().port();
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(config.management().host(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("There is no free port for the management listener.", e);
        }
    }

    @Override
    public void beforeInitialize(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        dryRun.ifPresent(dry -> dry.install(context));
        context.getCamelContextExtension().setErrorHandlerFactory(quietErrorHandler());
        context.getCamelContextExtension()
                .addInterceptStrategy(new StepTracker(
                        CamelSetup::begin, config.delivery().stepState(), new FailureClassifier(clock), kamelets));
        context.addComponent("receive", new ReceiveComponent(sources, config.receive(), answers, clock));
        HttpDefaults.apply(context, sinks.destinations());
        addInbox(context);
    }

    private static void begin(Exchange exchange) {
        Attempt attempt = InboxComponent.attemptOf(exchange);
        String step = exchange.getProperty(StepTracker.STEP, String.class);
        if (attempt != null && step != null) {
            attempt.begin(step);
        }
    }

    /** Adds the components that need more than a class. */
    void prepareScratch(CamelContext context) {
        dryRun.ifPresent(dry -> dry.guard(context));
        addInbox(context);
    }

    private void addInbox(CamelContext context) {
        context.addComponent("inbox", new InboxComponent(lanes, config.delivery(), new FailureClassifier(clock)));
    }

    /** Failures are the inbox's to retry and to tell: Camel neither retries nor logs them, since its log shows bodies. */
    private static DefaultErrorHandlerDefinition quietErrorHandler() {
        RedeliveryPolicyDefinition policy = new RedeliveryPolicyDefinition();
        policy.setMaximumRedeliveries("0");
        policy.setLogExhausted("false");
        policy.setLogExhaustedMessageHistory("false");
        policy.setLogStackTrace("false");
        DefaultErrorHandlerDefinition handler = new DefaultErrorHandlerDefinition();
        handler.setRedeliveryPolicy(policy);
        // Without redeliveries Camel 4.18.0 looks at this level only, and not at logExhausted.
        handler.setLevel("OFF");
        return handler;
    }

    RouteSettings routeSettings() {
        return new RouteSettings(
                config.settings()::resolve,
                name -> name.equals(SystemSource.NAME) || sources.find(name).isPresent(),
                config.switches(),
                ParameterCode::encode);
    }
}

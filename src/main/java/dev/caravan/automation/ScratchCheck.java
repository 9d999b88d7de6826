package dev.caravan.automation;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteDefinitionHelper;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ProcessorEndpoint;
import org.apache.camel.support.ResourceHelper;

/**
 * Builds a file's routes in a Camel context of their own that is never started, with the beans and properties of the
 * running one: what Camel refuses shows before anything that runs is touched, and no component connects to anything.
 *
 * <p>Not checked here: what a component finds out only when it starts, and how a Kamelet of a user takes its parameters.
 */
final class ScratchCheck {
    private final CamelContext running;
    private final Kamelets kamelets;
    private final SinkCheck sinks;
    private final Consumer<CamelContext> setup;

    /** @param setup gives a scratch context the components that the class path alone does not */
    ScratchCheck(CamelContext running, Kamelets kamelets, RouteSettings settings, Consumer<CamelContext> setup) {
        this.running = running;
        this.kamelets = kamelets;
        this.sinks = new SinkCheck(kamelets, settings);
        this.setup = setup;
    }

    List<Finding> check(FilePlan plan) {
        List<Finding> findings = new ArrayList<>();
        if (plan.runsNothing()) {
            return findings;
        }
        try (DefaultCamelContext scratch = scratch()) {
            checkOwnKamelets(scratch, plan, findings);
            load(scratch, plan);
            for (RouteDefinition route : scratch.getRouteDefinitions()) {
                checkParts(scratch, plan.source(), route, findings);
            }
            findings.addAll(sinks.check(plan, scratch));
            if (findings.isEmpty()) {
                build(scratch, plan, findings);
            }
        } catch (Exception e) {
            findings.add(CamelFailure.finding(plan.file(), 1, e));
        }
        return findings;
    }

    private DefaultCamelContext scratch() {
        DefaultCamelContext scratch = new DefaultCamelContext(false);
        scratch.disableJMX();
        scratch.getCamelContextExtension().setRegistry(new DefaultRegistry(new Borrowed(running)));
        if (running.getApplicationContextClassLoader() != null) {
            scratch.setApplicationContextClassLoader(running.getApplicationContextClassLoader());
        }
        scratch.setAutoStartup(false);
        scratch.getPropertiesComponent().addPropertiesSource(new BorrowedProperties(running));
        scratch.build();
        scratch.addComponent("kamelet", new AcceptsAll());
        scratch.getRegistry().bind(RoutePlanner.SKIPPED_STEP, (Processor) exchange -> {});
        setup.accept(scratch);
        return scratch;
    }

    private void checkOwnKamelets(CamelContext scratch, FilePlan plan, List<Finding> findings) {
        for (String name : plan.kamelets()) {
            kamelets.ownFile(name)
                    .ifPresent(file -> attempt(
                            "kamelets/" + file.getFileName(),
                            1,
                            findings,
                            () -> PluginHelper.getRoutesLoader(scratch)
                                    .findRoutesBuilders(ResourceHelper.fromString(
                                            "file:kamelets/" + file.getFileName(), Files.readString(file)))));
        }
    }

    private static void load(CamelContext scratch, FilePlan plan) throws Exception {
        Collection<RoutesBuilder> builders =
                PluginHelper.getRoutesLoader(scratch).findRoutesBuilders(RouteResources.of(plan));
        for (RoutesBuilder builder : builders) {
            scratch.addRoutes(builder);
        }
    }

    private static void checkParts(
            CamelContext scratch, RouteFile file, RouteDefinition route, List<Finding> findings) {
        int from = file.routeLines().getOrDefault(route.getId(), 1);
        attempt(
                file.name(),
                from,
                findings,
                () -> scratch.getEndpoint(route.getInput().getEndpointUri()));
        for (ProcessorDefinition<?> step : steps(route)) {
            int line = file.lineOf(route.getId(), step.getId(), step.getShortName(), step.getLineNumber());
            if (step instanceof EndpointRequiredDefinition to) {
                attempt(file.name(), line, findings, () -> scratch.getEndpoint(to.getEndpointUri()));
            } else if (step instanceof ExpressionNode node && node.getExpression() != null) {
                attempt(file.name(), line, findings, () -> node.getExpression().createExpression(scratch));
            }
        }
    }

    /** Every step of a route, nested ones too. */
    @SuppressWarnings({"rawtypes", "unchecked"}) // Camel's signature is raw
    static Collection<ProcessorDefinition<?>> steps(RouteDefinition route) {
        return (Collection)
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class);
    }

    private static void build(DefaultCamelContext scratch, FilePlan plan, List<Finding> findings) {
        Model model = scratch.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : scratch.getRouteDefinitions()) {
            attempt(plan.file(), plan.source().routeLines().getOrDefault(route.getId(), 1), findings, () -> {
                RouteDefinitionHelper.forceAssignIds(scratch, route.getInput());
                RouteDefinitionHelper.forceAssignIds(scratch, route);
                model.getModelReifierFactory().createRoute(scratch, route);
            });
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void attempt(String file, int line, List<Finding> findings, Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception e) {
            findings.add(CamelFailure.finding(file, Math.max(line, 1), e));
        }
    }

    /** Kamelets are checked against their definitions; here any use of one will do. */
    private static final class AcceptsAll extends KameletComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.clear();
            Processor nothing = exchange -> {};
            return new ProcessorEndpoint(uri, (Component) this, nothing);
        }
    }

    /** The running context's beans, read only. */
    private record Borrowed(CamelContext from) implements BeanRepository {
        @Override
        public Object lookupByName(String name) {
            return from.getRegistry().lookupByName(name);
        }

        @Override
        public <T> T lookupByNameAndType(String name, Class<T> type) {
            return from.getRegistry().lookupByNameAndType(name, type);
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return from.getRegistry().findByTypeWithName(type);
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return from.getRegistry().findByType(type);
        }
    }

    /** The running context's properties. */
    private record BorrowedProperties(CamelContext from) implements PropertiesSource {
        @Override
        public String getName() {
            return "running";
        }

        @Override
        @SuppressWarnings("NullAway") // Camel's contract: null is "not here", its interface does not say so.
        public String getProperty(String name) {
            return from.getPropertiesComponent().resolveProperty(name).orElse(null);
        }
    }
}

package dev.caravan.runtime;

import dev.caravan.automation.RoutesCheck;
import dev.caravan.sink.DataSources;
import dev.caravan.source.CurrentSources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;

/** Checks what a node would run, without an inbox and without starting anything. */
public final class NodeCheck {
    private NodeCheck() {}

    /**
     * Checks the automations of a directory and of the jar.
     *
     * @throws IOException where the files cannot be read
     */
    public static RoutesCheck.Report routes(NodeConfig config, Path directory) throws IOException {
        LibFolder.join(directory);
        CamelSetup setup = new CamelSetup(
                config,
                new CurrentSources(config.sources()),
                NodeOptions.of(directory),
                (automation, options, runner) -> {
                    throw new IllegalStateException("A check runs nothing");
                },
                (source, status) -> {},
                () -> 1,
                Clock.systemUTC());
        try (DefaultCamelContext context = new DefaultCamelContext(false)) {
            context.disableJMX();
            context.build();
            context.getPropertiesComponent()
                    .setOverrideProperties(config.settings().properties());
            context.getRegistry().bind("idempotency", new MemoryIdempotentRepository());
            context.getRegistry().bind("sinks", setup.sinks());
            DataSources.bindUnopened(context.getRegistry(), config.dataSources());
            return new RoutesCheck(context, directory, setup.routeSettings(), setup.kamelets(), setup::prepareScratch)
                    .run(Node.builders());
        }
    }
}

package dev.caravan.cli;

import dev.caravan.dryrun.DryRun;
import dev.caravan.dryrun.EffectViews;
import dev.caravan.runtime.Node;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.runtime.NodeOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a node until it is stopped. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a node until it is stopped (Ctrl-C or SIGTERM finishes what is in flight first).",
        footer = {"", "Example: java -jar caravan.jar run --dir /srv/caravan"})
final class RunCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(
            names = "--dry-run",
            description = "Send nothing and write nothing: show each request and statement instead. Events that arrive"
                    + " meanwhile are kept apart from data/ and forgotten at the end.")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
        Path dir = directory.get();
        NodeConfig config = NodeConfig.read(dir);
        if (dryRun) {
            runDry(config, dir);
        } else {
            untilStopped(Node.start(config, NodeOptions.of(dir)), () -> {});
        }
        return 0;
    }

    private void runDry(NodeConfig config, Path dir) throws Exception {
        Path apart = Files.createTempDirectory("caravan-dry-run-");
        DryRun dry = DryRun.start(Clock.systemUTC(), DryRun.Sql.SHOW);
        DryRunLines lines = new DryRunLines(dry, EffectViews.named(config.settings()), Console.out(spec));
        untilStopped(Node.start(config, NodeOptions.dry(dir, apart, dry, lines)), () -> {
            dry.close();
            DemoDirectory.delete(apart);
        });
    }

    /** Does not return: the process ends with the signal, after the node has been closed, and with 0, since all is well. */
    static void untilStopped(Node node, Runnable afterwards) throws InterruptedException {
        Thread closing = new Thread(
                () -> {
                    node.close();
                    afterwards.run();
                    Runtime.getRuntime().halt(0);
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(closing);
        new CountDownLatch(1).await();
    }
}

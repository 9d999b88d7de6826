package dev.caravan.cli;

import dev.caravan.selftest.SelfTestNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A node of a self-test; {@code selftest} starts it. */
@Command(
        name = SelfTestNodeCommand.NAME,
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Runs a node for selftest, which starts it. Sends nothing; ends when its input ends.")
final class SelfTestNodeCommand implements Callable<Integer> {
    static final String NAME = "selftest-node";

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "Where data/ is.")
    private Path state = Path.of(".");

    @Override
    public Integer call() throws Exception {
        PrintStream lines = System.out;
        // Nothing else may get between the lines.
        System.setOut(System.err);
        SelfTestNode.run(directory.get(), state, Clock.systemUTC(), System.in, lines);
        return 0;
    }
}

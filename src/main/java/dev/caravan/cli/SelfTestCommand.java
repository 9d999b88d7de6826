package dev.caravan.cli;

import dev.caravan.manage.Views;
import dev.caravan.selftest.NodeFailure;
import dev.caravan.selftest.OneNodeOnly;
import dev.caravan.selftest.Program;
import dev.caravan.selftest.SelfTest;
import dev.caravan.selftest.Verdict;
import dev.caravan.settings.Units;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves that nothing is lost and nothing done twice, on this machine and configuration. */
@Command(
        name = "selftest",
        mixinStandardHelpOptions = true,
        description = "Tries on this machine, with your configuration, whether anything is lost or done twice: sends"
                + " signed events to a node with an inbox of its own, kills it (kill -9) while it works, starts it again,"
                + " and compares what was answered, stored and delivered. Nothing leaves this machine, and your inbox is"
                + " not touched. Exit code 1 if anything was lost or doubled.",
        footer = {"", "Example: java -jar caravan.jar selftest --events 5000 --kills 5"})
final class SelfTestCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--events", paramLabel = "N", description = "How many events to send (default: ${DEFAULT-VALUE}).")
    private int events = 2_000;

    @Option(names = "--kills", paramLabel = "N", description = "How often to kill a node (default: ${DEFAULT-VALUE}).")
    private int kills = 3;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many nodes share the inbox; more than one needs PostgreSQL (default: ${DEFAULT-VALUE}).")
    private int nodes = 1;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "How many requests to send at a time (default: ${DEFAULT-VALUE}).")
    private int concurrency = 16;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "When to give up, such as 90s or 10m (default: ${DEFAULT-VALUE}).")
    private String timeout = "5m";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        SelfTest.Plan plan = plan();
        Program program = new Program(Caravan.class.getName(), List.of(SelfTestNodeCommand.NAME));
        Verdict verdict;
        try (Progress progress = Progress.of(Console.err(spec), "Sending", events);
                SelfTest test = new SelfTest(plan, program, Clock.systemUTC(), upTo(progress))) {
            Thread ending = new Thread(test::close, "shutdown");
            Runtime.getRuntime().addShutdownHook(ending);
            try {
                verdict = test.run();
            } finally {
                forget(ending);
            }
        } catch (OneNodeOnly wrong) {
            throw new CommandFailure(String.valueOf(wrong.getMessage()), wrong);
        } catch (NodeFailure failure) {
            Console.err(spec).println(failure.getMessage());
            return 1;
        }
        PrintWriter out = Console.out(spec);
        if (json) {
            out.println(Views.json(SelfTestReport.json(verdict)));
        } else {
            SelfTestReport.print(verdict, out);
        }
        out.flush();
        return verdict.good() ? 0 : 1;
    }

    private SelfTest.Plan plan() {
        atLeast("--events", events, 1);
        atLeast("--kills", kills, 0);
        atLeast("--nodes", nodes, 1);
        atLeast("--concurrency", concurrency, 1);
        Duration time = Units.duration(timeout)
                .filter(given -> !given.isZero())
                .orElseThrow(() -> new CommandFailure("--timeout is " + timeout + ": give a time such as 90s or 10m."));
        return new SelfTest.Plan(directory.get(), events, kills, nodes, concurrency, time);
    }

    private static void atLeast(String option, int value, int least) {
        if (value < least) {
            throw new CommandFailure(option + " is " + value + ": give a number from " + least + ".");
        }
    }

    private static IntConsumer upTo(Progress progress) {
        int[] done = {0};
        return now -> {
            for (; done[0] < now; done[0]++) {
                progress.step();
            }
        };
    }

    private static void forget(Thread ending) {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException endingAlready) {
            // Then it does what it is for.
        }
    }
}

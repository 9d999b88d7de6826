package dev.caravan.cli;

import dev.caravan.automation.AutomationState;
import dev.caravan.delivery.Settled;
import dev.caravan.dryrun.DryRun;
import dev.caravan.dryrun.EffectViews;
import dev.caravan.inbox.InboxReader;
import dev.caravan.manage.Views;
import dev.caravan.runtime.Node;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.runtime.NodeOptions;
import dev.caravan.samples.Sender;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what Caravan does, without keys and without network. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Runs a node in a temporary directory with the shipped automations, sends it a sample of every event,"
                        + " and shows what went out. Needs no keys and no network: every request goes to a server on this"
                        + " machine that answers as the vendor would. Then it keeps running, so that you can try things.",
        footer = {"", "Example: java -jar caravan.jar demo --once"})
final class DemoCommand implements Callable<Integer> {
    private static final int WIDTH = 120;
    private static final int NARROWEST = 80;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--once", description = "Stop after the table; exit 1 if a delivery did not succeed.")
    private boolean once;

    @Option(names = "--json", description = "Print JSON. Implies --once.")
    private boolean json;

    private volatile Consumer<Settled> live = settled -> {};

    @Override
    public Integer call() throws Exception {
        Path directory = DemoDirectory.create();
        try (DryRun dryRun = DryRun.start(Clock.systemUTC(), DryRun.Sql.RUN)) {
            NodeConfig config = NodeConfig.read(directory);
            Semaphore settled = new Semaphore(0);
            NodeOptions options = NodeOptions.dry(directory, directory, dryRun, one -> {
                settled.release();
                live.accept(one);
            });
            EffectViews views = EffectViews.named(config.settings());
            try (Node node = Node.start(config, options)) {
                DemoReport report = show(node, config, dryRun, settled);
                print(report, views, directory, node);
                if (!once && !json) {
                    live = new DryRunLines(dryRun, views, Console.out(spec));
                    RunCommand.untilStopped(node, () -> DemoDirectory.delete(directory));
                }
                return report.good() ? 0 : 1;
            }
        } finally {
            DemoDirectory.delete(directory);
        }
    }

    private DemoReport show(Node node, NodeConfig config, DryRun dryRun, Semaphore settled)
            throws IOException, InterruptedException {
        DemoEvents events = new DemoEvents(new Sender(Clock.systemUTC()), config, node.port());
        List<DemoEvents.Sent> sent;
        try (InboxReader reader = node.inboxReader()) {
            try (Progress progress = Progress.of(Console.err(spec), "Sending and delivering", 2 * events.count())) {
                sent = events.sendAll(progress);
                events.await(reader, settled, progress);
            }
            return new DemoReport(
                    DemoReport.events(sent, reader, dryRun),
                    events.again(sent.get(0)),
                    events.forged(sent.get(0)),
                    node.automations().stream()
                            .filter(state -> state.state() != AutomationState.State.ON)
                            .toList());
        }
    }

    private void print(DemoReport report, EffectViews views, Path directory, Node node) {
        PrintWriter out = Console.out(spec);
        if (json) {
            out.println(Views.json(report.json(views)));
            out.flush();
            return;
        }
        report.table(views, width(), Ansi.AUTO.enabled()).print(out);
        out.println();
        out.println("REFUSED: " + report.deliveries().get(0).sent().name());
        out.println("    sent again           " + answer(report.duplicate()));
        out.println("    with a changed byte  " + answer(report.forged()));
        report.notOn().forEach(state -> out.println(DemoReport.sentence(state)));
        if (!once) {
            next(out, directory, node);
        }
        out.flush();
    }

    private static String answer(Sender.Answer answer) {
        return answer.status() + " " + answer.body().strip();
    }

    private static void next(PrintWriter out, Path directory, Node node) {
        out.println();
        out.println("The node runs on. Nothing it sends leaves this machine. Try:");
        out.println("  edit    " + directory.resolve("routes").resolve("koji-completed-to-slack.yaml"));
        out.println("  send    java -jar " + JarName.asStarted() + " send koji interview.completed --dir " + directory
                + " --set data.interview_id=int_2 --set data.participant.name=Ann");
        out.println("  look    http://127.0.0.1:" + node.managementPort() + "/");
        out.println("  stop    Ctrl-C");
    }

    /** The terminal's, between what the table needs and what is easy to read; a file gets the latter. */
    private int width() {
        return !Ansi.AUTO.enabled() || spec == null
                ? WIDTH
                : Math.max(NARROWEST, Math.min(spec.usageMessage().width(), WIDTH));
    }
}

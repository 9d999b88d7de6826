package dev.caravan.cli;

import dev.caravan.automation.AutomationState;
import dev.caravan.automation.RoutesCheck;
import dev.caravan.inbox.InboxReader;
import dev.caravan.manage.Views;
import dev.caravan.runtime.NodeCheck;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.source.Source;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks configuration and route files without running anything. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks application.properties and the route files without running anything:"
                + " what is wrong, with file and line, and which automations are off for want of which keys.",
        footer = {"", "Example: java -jar caravan.jar check --dir /srv/caravan"})
final class CheckCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Path dir = directory.get();
        NodeConfig config = NodeConfig.read(dir);
        InboxReader.requireNotNewer(directory.inbox());
        RoutesCheck.Report report = NodeCheck.routes(config, dir);
        PrintWriter out = Console.out(spec);
        List<SourceSecrets> secrets = SourceSecrets.read(config, directory);
        if (json) {
            out.println(Views.json(view(config, report, secrets)));
        } else {
            print(out, config, report);
            SourceSecrets.print(out, secrets);
        }
        return report.hasErrors() ? 1 : 0;
    }

    private static Map<String, Object> view(NodeConfig config, RoutesCheck.Report report, List<SourceSecrets> secrets) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("findings", report.findings().stream().map(Object::toString).toList());
        view.put("automations", report.states().stream().map(Views::of).toList());
        view.put("secrets", secrets.stream().map(SourceSecrets::view).toList());
        view.put("settings", config.settings().describe());
        return view;
    }

    private static void print(PrintWriter out, NodeConfig config, RoutesCheck.Report report) {
        report.findings().forEach(out::println);
        config.sources().stream()
                .filter(source -> !source.hasSecret())
                .forEach(source -> out.println("Source " + source.name() + " has no secret yet: set caravan.source."
                        + source.name() + ".secret. Until then its events are answered 503."));
        if (!report.findings().isEmpty() || !config.sources().stream().allMatch(Source::hasSecret)) {
            out.println();
        }
        Table table = new Table("AUTOMATION", "STATE", "DEFINED IN", "WHY");
        for (AutomationState state : report.states()) {
            table.row(state.id(), state.state().name().toLowerCase(Locale.ROOT), state.origin(), why(state));
        }
        table.print(out);
    }

    private static String why(AutomationState state) {
        return state.reason().isEmpty() && !state.skippedSteps().isEmpty()
                ? "skips for want of an optional key: " + String.join(", ", state.skippedSteps())
                : state.reason();
    }
}

package dev.caravan.cli;

import dev.caravan.manage.Views;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Drops quarantined requests. */
@Command(
        name = "drop",
        mixinStandardHelpOptions = true,
        description = "Drops requests from quarantine for good: through the node that runs in the directory, else from"
                + " its inbox. Exit 1 if one is not there.",
        footer = {"", "Example: java -jar caravan.jar quarantine drop qrt_01KAJ7N3Z4X8Q2V6T9R5W1Y0BD"})
final class QuarantineDropCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Parameters(arity = "1..*", paramLabel = "ID", description = "The requests' ids, as `quarantine list` shows them.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<Map<String, Object>> results = new ArrayList<>();
        try (QuarantineAccess quarantine = QuarantineAccess.open(directory)) {
            ids.forEach(id -> results.add(quarantine.drop(id)));
        }
        PrintWriter out = Console.out(spec);
        if (json) {
            out.println(Views.json(results));
        } else {
            results.forEach(result -> out.println(
                    "dropped".equals(result.get("outcome"))
                            ? result.get("id") + " is dropped."
                            : result.get("id") + " is not in quarantine; `quarantine list` lists what is there."));
        }
        return results.stream().allMatch(result -> "dropped".equals(result.get("outcome"))) ? 0 : 1;
    }
}

package dev.caravan.cli;

import dev.caravan.manage.Views;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes events of quarantined requests that verify now. */
@Command(
        name = "admit",
        mixinStandardHelpOptions = true,
        description =
                "Verifies requests again, as of the time when they came, and makes events of those that verify now:"
                        + " through the node that runs in the directory, else for its next start."
                        + " One that does not verify is never admitted; exit 1 if there is one.",
        footer = {"", "Example: java -jar caravan.jar quarantine admit qrt_01KAJ7N3Z4X8Q2V6T9R5W1Y0BD"})
final class QuarantineAdmitCommand implements Callable<Integer> {
    private static final Set<Object> GOOD = Set.of("admitted", "duplicate");

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
            ids.forEach(id -> results.add(quarantine.admit(id)));
        }
        PrintWriter out = Console.out(spec);
        if (json) {
            out.println(Views.json(results));
        } else {
            results.forEach(result -> out.println(sentence(result)));
        }
        return results.stream().allMatch(result -> GOOD.contains(result.get("outcome"))) ? 0 : 1;
    }

    private static String sentence(Map<String, Object> result) {
        Object id = result.get("id");
        return switch (String.valueOf(result.get("outcome"))) {
            case "admitted" -> id + " is admitted: " + result.get("events");
            case "duplicate" -> id + " was an event already: " + result.get("events");
            case "refused" -> id + " stays in quarantine: " + result.get("reason");
            default -> id + " is not in quarantine; `quarantine list` lists what is there.";
        };
    }
}

package dev.caravan.cli;

import dev.caravan.inbox.Backup;
import dev.caravan.manage.Views;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies the inbox into a file, while a node may run. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies the inbox as it is at one moment into a new file, also while the node runs.",
        footer = {"", "Example: java -jar caravan.jar backup /backups/caravan-monday.db"})
final class BackupCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Parameters(paramLabel = "FILE", description = "The file to write; it must not be there yet.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Backup backup = Backup.write(directory.inbox(), file);
        PrintWriter out = Console.out(spec);
        if (json) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("file", file.toString());
            view.put("events", backup.events());
            view.put("deliveries", backup.deliveries());
            view.put("bytes", backup.bytes());
            out.println(Views.json(view));
        } else {
            out.println(file + ": " + backup.events() + " events, " + backup.deliveries() + " deliveries, "
                    + backup.bytes() + " bytes, checked.");
            out.println("Not in it: data/results.db and other databases that automations write, routes and settings.");
        }
        return 0;
    }
}

package dev.caravan.cli;

import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.Quarantined;
import dev.caravan.inbox.Refusal;
import dev.caravan.manage.QuarantineViews;
import dev.caravan.manage.Views;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what is in quarantine. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the requests in quarantine, newest first. Identical bodies are one, with a count.",
        footer = {"", "Example: java -jar caravan.jar quarantine list --source koji --kind unverified"})
final class QuarantineListCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ListOptions list = new ListOptions();

    @Option(names = "--source", paramLabel = "NAME", description = "Only requests to this source.")
    private @Nullable String source;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only unverified, no_secret, malformed or verification ones.")
    private Refusal.@Nullable Kind kind;

    @Override
    public Integer call() {
        PrintWriter out = Console.out(spec);
        try (InboxReader reader = list.open()) {
            List<Quarantined.Summary> found =
                    reader.quarantine().list(Optional.ofNullable(source), Optional.ofNullable(kind), list.limit());
            if (list.json()) {
                out.println(Views.json(found.stream().map(QuarantineViews::of).toList()));
                return 0;
            }
            Table table = new Table("REQUEST", "SOURCE", "KIND", "RECEIVED", "LAST", "COUNT", "BYTES", "FROM", "WHY");
            for (Quarantined.Summary one : found) {
                table.row(
                        one.id(),
                        one.source(),
                        one.kind(),
                        one.receivedAt(),
                        one.lastAt(),
                        one.count(),
                        one.bytes(),
                        one.address(),
                        one.reason());
            }
            table.print(out);
            return 0;
        }
    }
}

package dev.caravan.cli;

import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.Quarantined;
import dev.caravan.manage.QuarantineViews;
import dev.caravan.manage.Views;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one request in quarantine. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows one request in quarantine: why it became no event, when it came, and its headers.",
        footer = {"", "Example: java -jar caravan.jar quarantine show qrt_01KAJ7N3Z4X8Q2V6T9R5W1Y0BD --body"})
final class QuarantineShowCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Parameters(paramLabel = "ID", description = "The request's id, as `quarantine list` shows it.")
    private String id = "";

    @Option(names = "--body", description = "Print the body as well.")
    private boolean body;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (InboxReader reader = InboxReader.open(directory.inbox())) {
            Quarantined found = reader.quarantine()
                    .find(id)
                    .orElseThrow(() -> new CommandFailure(
                            "There is no " + id + " in quarantine: `quarantine list` lists what is there."));
            PrintWriter out = Console.out(spec);
            if (json) {
                out.println(Views.json(QuarantineViews.of(found, body)));
            } else {
                print(out, found);
            }
            return 0;
        }
    }

    private void print(PrintWriter out, Quarantined found) {
        Quarantined.Summary summary = found.summary();
        out.println(summary.id() + "  " + summary.source() + "  " + summary.kind());
        out.println("count  " + summary.count());
        out.println("first  " + summary.receivedAt());
        out.println("last   " + summary.lastAt());
        out.println("bytes  " + summary.bytes());
        for (Quarantined.Request request : found.requests()) {
            out.println();
            out.println(request.receivedAt() + " from " + request.address() + ": " + request.reason());
            out.println(request.method() + " " + request.uri());
            request.headers().forEach((name, value) -> out.println(name + ": " + value));
        }
        if (body) {
            out.println();
            out.println(new String(found.body(), StandardCharsets.UTF_8));
        }
    }
}

package dev.caravan.cli;

import dev.caravan.inbox.EventSummary;
import dev.caravan.inbox.InboxReader;
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

/** Lists events. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Lists the events in the inbox, newest first.",
        footer = {"", "Example: java -jar caravan.jar events --source koji --limit 20"})
final class EventsCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ListOptions list = new ListOptions();

    @Option(names = "--source", paramLabel = "NAME", description = "Only events of this source.")
    private @Nullable String source;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type.")
    private @Nullable String type;

    @Override
    public Integer call() {
        PrintWriter out = Console.out(spec);
        try (InboxReader reader = list.open()) {
            List<EventSummary> events =
                    reader.events(Optional.ofNullable(source), Optional.ofNullable(type), list.limit());
            if (list.json()) {
                out.println(Views.json(events.stream().map(Views::of).toList()));
                return 0;
            }
            Table table = new Table("EVENT", "SOURCE", "TYPE", "RECEIVED", "AUTOMATIONS", "DUPLICATES");
            for (EventSummary event : events) {
                table.row(
                        event.id(),
                        event.source(),
                        event.type(),
                        event.receivedAt(),
                        event.unwanted() ? "none wanted it" : event.wantedBy(),
                        duplicates(event));
            }
            table.print(out);
            return 0;
        }
    }

    private static String duplicates(EventSummary event) {
        return event.differing() == 0
                ? String.valueOf(event.duplicates())
                : event.duplicates() + " (" + event.differing() + " with other bytes)";
    }
}

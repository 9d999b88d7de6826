package dev.caravan.cli;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.Settlement;
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

/** Lists deliveries. */
@Command(
        name = "deliveries",
        mixinStandardHelpOptions = true,
        description = "Lists deliveries, newest first, with what their last attempt came to.",
        footer = {"", "Example: java -jar caravan.jar deliveries --state dead"})
final class DeliveriesCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ListOptions list = new ListOptions();

    @Option(names = "--state", paramLabel = "STATE", description = "Only deliveries that are ${COMPLETION-CANDIDATES}.")
    private @Nullable DeliveryState state;

    @Option(names = "--automation", paramLabel = "ID", description = "Only deliveries of this automation.")
    private @Nullable String automation;

    @Override
    public Integer call() {
        PrintWriter out = Console.out(spec);
        try (InboxReader reader = list.open()) {
            List<DeliverySummary> deliveries =
                    reader.deliveries(Optional.ofNullable(state), Optional.ofNullable(automation), list.limit());
            if (list.json()) {
                out.println(Views.json(deliveries.stream().map(Views::of).toList()));
                return 0;
            }
            Table table = new Table("DELIVERY", "AUTOMATION", "EVENT TYPE", "STATE", "ATTEMPTS", "LAST FAILURE");
            for (DeliverySummary delivery : deliveries) {
                table.row(
                        delivery.id(),
                        delivery.automation(),
                        delivery.type(),
                        EventCommand.state(delivery),
                        delivery.attempts(),
                        delivery.lastAttempt()
                                .filter(a -> a.outcome() != Settlement.Outcome.SUCCEEDED
                                        || a.message().isPresent())
                                .map(EventCommand::describe)
                                .orElse(""));
            }
            table.print(out);
            return 0;
        }
    }
}

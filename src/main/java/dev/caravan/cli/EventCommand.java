package dev.caravan.cli;

import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Event;
import dev.caravan.inbox.EventSummary;
import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.Settlement;
import dev.caravan.manage.Views;
import dev.caravan.reconcile.Reconciliation;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one event. */
@Command(
        name = "event",
        mixinStandardHelpOptions = true,
        description = "Shows one event: its payload, its deliveries and their attempts.",
        footer = {"", "Example: java -jar caravan.jar event evt_01KAJ7N3Z4X8Q2V6T9R5W1Y0BD"})
final class EventCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Parameters(paramLabel = "ID", description = "The event's id, as `events` lists it.")
    private String id = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (InboxReader reader = InboxReader.open(directory.inbox())) {
            EventSummary summary = reader.eventSummary(id).orElseThrow(() -> unknown(id));
            Event event = reader.event(id).orElseThrow(() -> unknown(id));
            PrintWriter out = Console.out(spec);
            if (json) {
                out.println(Views.json(Views.of(
                        summary,
                        event,
                        reader.deliveriesOf(id).stream()
                                .map(d -> Views.of(d, reader.attemptsOf(d.id())))
                                .toList())));
            } else {
                print(out, reader, summary, event);
            }
            return 0;
        }
    }

    private static CommandFailure unknown(String id) {
        return new CommandFailure("There is no event " + id + ": `events` lists those there are.");
    }

    private static void print(PrintWriter out, InboxReader reader, EventSummary summary, Event event) {
        out.println(event.id() + "  " + event.source() + "  " + event.type());
        out.println("received   " + event.receivedAt());
        event.time().ifPresent(time -> out.println("event time " + time));
        out.println("key        " + event.idempotencyKey());
        Optional.ofNullable(event.headers().get(Reconciliation.ORIGIN))
                .ifPresent(origin -> out.println("origin     " + origin));
        out.println("duplicates " + summary.duplicates() + ", " + summary.differing() + " of them with other bytes");
        out.println();
        out.println(
                event.hasPayload()
                        ? new String(event.body(), StandardCharsets.UTF_8)
                        : "Its payload was removed"
                                + summary.removedAt().map(at -> " at " + at).orElse("")
                                + ", by its age or by `forget`. The vendor's retry of it is still a duplicate.");
        out.println();
        if (summary.unwanted()) {
            out.println("No automation was subscribed to it when it arrived.");
        }
        reader.deliveriesOf(event.id()).forEach(delivery -> {
            out.println(delivery.id() + "  " + delivery.automation() + "  " + state(delivery));
            reader.attemptsOf(delivery.id()).forEach(attempt -> out.println("  " + describe(attempt)));
        });
    }

    /** A delivery's state, and what a person had to do with it. */
    static String state(DeliverySummary delivery) {
        String state = delivery.state().label();
        if (delivery.generation() > 0) {
            return state + " (manual, generation " + delivery.generation() + ")";
        }
        return delivery.manual() ? state + " (manual)" : state;
    }

    static String describe(Settlement.Attempt attempt) {
        StringBuilder text = new StringBuilder()
                .append(attempt.number())
                .append(". ")
                .append(attempt.outcome().label())
                .append(" after ")
                .append(attempt.duration().toMillis())
                .append(" ms");
        attempt.step().ifPresent(step -> text.append(" at step ").append(step));
        attempt.message().ifPresent(message -> text.append(": ").append(message));
        return text.toString();
    }
}

package dev.caravan.cli;

import dev.caravan.inbox.CommitObserver;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.InboxReader;
import dev.caravan.manage.Views;
import dev.caravan.settings.Settings;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs deliveries again: through the node that runs in the directory, else on its database, for the next start. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Runs a delivery again, or every dead letter: through the node that runs in the directory,"
                + " else at its next start.",
        footer = {"", "Example: java -jar caravan.jar replay dlv_01KAJ7N3Z4X8Q2V6T9R5W1Y0BD"})
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    static final class Which {
        @Parameters(paramLabel = "DELIVERY_ID", description = "The delivery, as `deliveries` lists it.")
        private @Nullable String id;

        @Option(names = "--dead", description = "Every dead letter.")
        private boolean dead;
    }

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** Replays one delivery: the state it had, empty where there is none. */
    interface Replayer extends AutoCloseable {
        Optional<DeliveryState> replay(String id);

        @Override
        void close();
    }

    @Override
    public Integer call() {
        List<String> ids = ids();
        List<Map<String, Object>> results = new ArrayList<>();
        boolean complete = true;
        try (Replayer replayer = replayer();
                Progress progress = Progress.of(Console.err(spec), "Replaying", ids.size())) {
            for (String id : ids) {
                Optional<DeliveryState> before = replayer.replay(id);
                boolean done = before.isPresent() && before.get() != DeliveryState.RUNNING;
                complete &= done;
                Map<String, Object> result = new LinkedHashMap<>();
                result.put("id", id);
                result.put("replayed", done);
                before.ifPresent(state -> result.put("was", state.label()));
                results.add(result);
                progress.step();
            }
        }
        print(results);
        return complete ? 0 : 1;
    }

    private List<String> ids() {
        try (InboxReader reader = InboxReader.open(directory.inbox())) {
            return which.dead || which.id == null ? reader.dead() : List.of(which.id);
        }
    }

    private Replayer replayer() {
        if (NodeClient.isRunning(directory.data())) {
            return new NodeClient(Settings.load(directory.get()), directory.data());
        }
        Inbox inbox = Inbox.open(directory.inbox(), Clock.systemUTC(), CommitObserver.NONE);
        return new Replayer() {
            @Override
            public Optional<DeliveryState> replay(String id) {
                return inbox.replay(id).join();
            }

            @Override
            public void close() {
                inbox.close();
            }
        };
    }

    private void print(List<Map<String, Object>> results) {
        PrintWriter out = Console.out(spec);
        if (json) {
            out.println(Views.json(results));
            return;
        }
        for (Map<String, Object> result : results) {
            Object was = result.get("was");
            if (was == null) {
                out.println(result.get("id") + ": there is no such delivery; `deliveries` lists those there are.");
            } else if (Boolean.TRUE.equals(result.get("replayed"))) {
                out.println(result.get("id") + " was " + was + ", runs again.");
            } else {
                out.println(result.get("id") + " runs right now; nothing was done.");
            }
        }
        if (results.isEmpty()) {
            out.println("There are no dead letters.");
        }
    }
}

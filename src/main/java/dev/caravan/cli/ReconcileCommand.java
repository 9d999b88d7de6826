package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.CommitObserver;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.InboxSettings;
import dev.caravan.inbox.Subscription;
import dev.caravan.manage.ReconcileApi;
import dev.caravan.manage.Views;
import dev.caravan.reconcile.Reconciliation;
import dev.caravan.runtime.NodeCheck;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.settings.Settings;
import dev.caravan.settings.Units;
import dev.caravan.source.Source;
import dev.caravan.source.VendorList;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes in what a vendor lists and never sent: by the node that runs in the directory, else on its inbox. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Compares the inbox with the vendor's list and takes in what is missing, as events.",
        footer = {"", "Example: java -jar caravan.jar reconcile koji --since 2d --dry-run"})
final class ReconcileCommand implements Callable<Integer> {
    private static final long ASK_AGAIN_MILLIS = 200;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Parameters(paramLabel = "SOURCE", description = "A source with caravan.source.SOURCE.reconcile.url.")
    private String name = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "How far back, such as 12h or 2d (default: ${DEFAULT-VALUE}).")
    private String since = "2d";

    @Option(names = "--dry-run", description = "Only name what is missing.")
    private boolean dry;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Clock clock = Clock.systemUTC();
        Instant from = clock.instant()
                .minus(Units.duration(since)
                        .orElseThrow(() ->
                                new CommandFailure("--since is \"" + since + "\": give a duration such as 12h or 2d.")))
                .truncatedTo(ChronoUnit.SECONDS);
        NodeConfig config = NodeConfig.read(directory.get());
        Source source = config.sources().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new CommandFailure("There is no source " + name + ": `check` lists those there are."));
        VendorList list = source.vendorList()
                .orElseThrow(() -> new CommandFailure("It is not known where " + name
                        + " lists its events: set caravan.source." + name + ".reconcile.url."));
        JsonNode outcome = NodeClient.isRunning(directory.data())
                ? byTheNode(config.settings(), from)
                : here(config, source, list, from, clock);
        print(outcome);
        return outcome.has("problem") ? 1 : 0;
    }

    private JsonNode here(NodeConfig config, Source source, VendorList list, Instant from, Clock clock)
            throws IOException {
        List<AutomationState> automations =
                NodeCheck.routes(config, directory.get()).states();
        InboxSettings settings = directory.inbox();
        try (Inbox inbox = Inbox.open(settings, clock, CommitObserver.NONE)) {
            if (!dry && settings.server().isEmpty()) {
                subscribe(inbox, automations);
            }
            return JSON.valueToTree(ReconcileApi.view(new Reconciliation(source, list, inbox, from, dry, clock).run()));
        }
    }

    /** No node has run since these automations were written: they get what is taken in as they would at its start. */
    private static void subscribe(Inbox inbox, List<AutomationState> automations) {
        Set<String> known =
                inbox.subscriptions().stream().map(Subscription::automation).collect(Collectors.toSet());
        automations.stream()
                .filter(state -> state.state() == AutomationState.State.ON)
                .filter(state -> !state.sources().isEmpty() && !known.contains(state.id()))
                .map(state -> new Subscription(
                        state.id(),
                        state.origin(),
                        state.sources(),
                        state.events().isEmpty() ? List.of("*") : state.events()))
                .forEach(subscription -> inbox.subscribe(subscription).join());
    }

    private JsonNode byTheNode(Settings settings, Instant from) {
        try (NodeClient node = new NodeClient(settings, directory.data())) {
            String path = "reconcile/" + NodeClient.inPath(name);
            node.post(path + "?since=" + from + "&dry=" + dry, Map.of());
            JsonNode answer = node.get(path);
            while (answer.path("state").asText().equals("running")) {
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
                answer = node.get(path);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("The command was interrupted; the node goes on.", e);
        }
    }

    private void print(JsonNode outcome) {
        PrintWriter out = Console.out(spec);
        if (json) {
            out.println(Views.json(outcome));
            return;
        }
        int missing = outcome.path("missing").size();
        boolean tookIn = !outcome.path("dryRun").asBoolean();
        out.println(name + " lists " + outcome.path("listed").asInt() + " since "
                + outcome.path("since").asText() + ": "
                + outcome.path("unfinished").asInt() + " not finished, "
                + outcome.path("had").asInt() + " here already, " + missing
                + (tookIn ? " taken in." : " missing; nothing was taken in."));
        outcome.path("missing")
                .forEach(one -> out.println("  " + one.path("item").asText()
                        + (one.has("event") ? "  " + one.path("event").asText() : "")));
        if (outcome.has("problem")) {
            Console.err(spec).println(outcome.path("problem").asText());
        }
    }
}

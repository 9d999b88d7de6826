package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.manage.ReplayRefused;
import dev.caravan.manage.ReplayRequest;
import dev.caravan.manage.Views;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs deliveries again, and delivers what an automation has missed: shows the plan, asks, does it. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Runs deliveries again, or delivers past events to an automation that did not get them: through the node"
                    + " that runs in the directory, else at its next start. Shows what would run, and asks.",
            "",
            "  replay DELIVERY_ID                    one delivery",
            "  replay --event ID                     the deliveries of one event",
            "  replay --event ID --automation ID     its delivery to one automation",
            "  replay --dead                         dead letters",
            "  replay --automation ID --since TIME   events that it wants and missed",
            ""
        },
        footer = {"", "Example: java -jar caravan.jar replay --dead --since 2d"})
final class ReplayCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Parameters(arity = "0..1", paramLabel = "DELIVERY_ID", description = "The delivery, as `deliveries` lists it.")
    private @Nullable String delivery;

    @Option(names = "--event", paramLabel = "ID", description = "The deliveries of this event.")
    private @Nullable String event;

    @Option(names = "--dead", description = "Dead letters.")
    private boolean dead;

    @Option(
            names = "--automation",
            paramLabel = "ID",
            description = "Only its deliveries; with --event one is made where it has none.")
    private @Nullable String automation;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "What died, or without --dead what was received, from then on: 2d, 12h, 2026-11-20 or"
                    + " 2026-11-20T08:00:00Z.")
    private @Nullable String since;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only show the plan.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the plan and the outcome as JSON; needs --yes or --dry-run.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        ObjectNode request = request();
        try (Replayer replayer = Replayer.of(directory)) {
            JsonNode plan = replayer.plan(request);
            long planned = plan.path("deliveries").asLong();
            PrintWriter out = Console.out(spec);
            if (!json) {
                ReplayReport.plan(out, plan, replayer.isRunning());
            }
            long replayed = 0;
            boolean going = !dryRun && planned > 0;
            if (going && !yes && !Consent.given()) {
                out.println("Nothing was done.");
                return 1;
            }
            if (going) {
                replayed = run(replayer, request, planned);
            }
            if (json) {
                out.println(
                        Views.json(ReplayReport.json(plan, going ? OptionalLong.of(replayed) : OptionalLong.empty())));
            } else if (going) {
                ReplayReport.done(out, replayed, replayer.isRunning());
            }
            return plan.path("impossible").isEmpty() && (!going || replayed >= planned) ? 0 : 1;
        }
    }

    private ObjectNode request() {
        if (json && !yes && !dryRun) {
            throw wrong("--json asks nothing: add --yes to do it, or --dry-run to see the plan.");
        }
        ObjectNode request = JSON.valueToTree(ReplayRequest.of(
                Optional.ofNullable(delivery),
                Optional.ofNullable(event),
                dead,
                Optional.ofNullable(automation),
                Optional.ofNullable(since)));
        try {
            ReplayRequest.read(request, Clock.systemUTC().instant());
        } catch (ReplayRefused refused) {
            throw wrong("replay: " + refused.sentence() + ".");
        }
        return request;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Console.spec(spec).commandLine(), message);
    }

    private long run(Replayer replayer, ObjectNode request, long planned) {
        long replayed = 0;
        try (Progress progress =
                Progress.of(Console.err(spec), "Replaying", (int) Math.min(planned, Integer.MAX_VALUE))) {
            boolean more = true;
            while (more) {
                JsonNode answer = replayer.run(request);
                long some = answer.path("replayed").asLong();
                replayed += some;
                progress.steps((int) some);
                more = answer.has("next");
                request.set("next", answer.path("next"));
            }
        }
        return replayed;
    }
}

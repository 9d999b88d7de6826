package dev.caravan.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.inbox.CommitObserver;
import dev.caravan.inbox.ForgetCount;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.InboxSettings;
import dev.caravan.inbox.PersonalValue;
import dev.caravan.manage.ForgetApi;
import dev.caravan.manage.Views;
import dev.caravan.settings.Settings;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes one person's payloads: through the node that runs in the directory, else on its database. */
@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        description = "Removes one person's payloads from events, attempts, steps and quarantine. The keys by which a"
                + " vendor's retry is known stay.",
        footer = {
            "",
            "Example: java -jar caravan.jar forget --json-pointer /data/participant/email --value ann@example.com"
        })
final class ForgetCommand implements Callable<Integer> {
    /** All payloads are looked through before the node answers. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final String ELSEWHERE = "Not touched: the tables that automations write (data/results.db and other"
            + " databases), backups, and what was sent on.";

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Option(
            names = "--json-pointer",
            required = true,
            paramLabel = "POINTER",
            description = "Where the value stands in a payload, such as /data/participant/email.")
    private String pointer = "";

    @Option(
            names = "--value",
            required = true,
            paramLabel = "VALUE",
            description = "What stands there in this person's payloads; exactly this.")
    private String value = "";

    @Option(names = "--source", paramLabel = "NAME", description = "Only what came for this source.")
    private @Nullable String source;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(names = "--json", description = "Print JSON; without --yes only what would be removed.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PersonalValue person = person();
        ForgetCount plan;
        try (InboxReader reader = InboxReader.open(directory.inbox())) {
            plan = reader.forgettable(person);
        }
        PrintWriter out = Console.out(spec);
        if (json && !yes) {
            out.println(Views.json(Map.of("plan", ForgetApi.view(plan))));
            return 0;
        }
        if (!json) {
            say(out, plan);
        }
        if (!plan.isNothing() && !yes && !Consent.given()) {
            out.println("Nothing was done.");
            return 0;
        }
        ForgetCount done = plan.isNothing() ? plan : forget(person);
        if (json) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("plan", ForgetApi.view(plan));
            view.put("done", ForgetApi.view(done));
            out.println(Views.json(view));
        } else if (!plan.isNothing()) {
            sayDone(out, done);
        }
        return done.running() == 0 ? 0 : 1;
    }

    private PersonalValue person() {
        if (!pointer.startsWith("/")) {
            throw new CommandFailure("--json-pointer " + pointer
                    + " is not a JSON Pointer: begin with /, as in /data/participant/email.");
        }
        if (value.isEmpty()) {
            throw new CommandFailure("--value is empty: give what stands at " + pointer + ".");
        }
        return new PersonalValue(JsonPointer.compile(pointer), value, Optional.ofNullable(source));
    }

    private static void say(PrintWriter out, ForgetCount plan) {
        if (plan.isNothing()) {
            out.println("Nothing in the inbox has this value there.");
        } else {
            out.println("To be removed: the payloads of " + plan.events() + " events with " + plan.deliveries()
                    + " deliveries, and " + plan.quarantine() + " quarantined requests.");
            if (plan.open() > 0) {
                out.println(plan.open() + " of the deliveries have not ended; they are discarded.");
            }
        }
        out.println(ELSEWHERE);
        out.flush();
    }

    private static void sayDone(PrintWriter out, ForgetCount done) {
        out.println("Removed: the payloads of " + done.events() + " events, and " + done.quarantine()
                + " quarantined requests; " + done.open() + " deliveries were discarded.");
        if (done.running() > 0) {
            out.println(done.running() + " events were left, since a delivery of each runs right now: repeat this"
                    + " when it has ended.");
        }
    }

    private ForgetCount forget(PersonalValue person) throws InterruptedException {
        InboxSettings at = directory.inbox();
        if (NodeClient.isRunning(directory.data())) {
            return through(new NodeClient(Settings.load(directory.get()), directory.data()));
        }
        try (Inbox inbox = Inbox.open(at, Clock.systemUTC(), CommitObserver.NONE)) {
            return inbox.forget().person(person);
        }
    }

    private ForgetCount through(NodeClient node) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("pointer", pointer);
        request.put("value", value);
        Optional.ofNullable(source).ifPresent(name -> request.put("source", name));
        JsonNode answer = node.post("forget", request, PATIENCE);
        return new ForgetCount(
                answer.path("events").asLong(),
                answer.path("deliveries").asLong(),
                answer.path("open").asLong(),
                answer.path("quarantine").asLong(),
                answer.path("running").asLong());
    }
}

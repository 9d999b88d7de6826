package dev.caravan.cli;

import com.fasterxml.jackson.core.JsonPointer;
import dev.caravan.inbox.DataDirectory;
import dev.caravan.manage.Views;
import dev.caravan.runtime.NodePorts;
import dev.caravan.samples.Sample;
import dev.caravan.samples.Sender;
import dev.caravan.settings.Settings;
import dev.caravan.source.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends an event as its vendor would. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description = "Signs a sample event, or a file, with a source's secret as its vendor would, and sends it."
                + " Exit code 0 if every answer was 200.",
        footer = {
            "",
            "Examples:",
            "  java -jar caravan.jar send koji report.generated",
            "  java -jar caravan.jar send koji interview.completed --shape older",
            "  java -jar caravan.jar send kejue call.ended --count 10"
        })
final class SendCommand implements Callable<Integer> {
    private static final int PORT = 8080;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DirectoryOption directory = new DirectoryOption();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The source, as application.properties names it.")
    private String source = "";

    @Parameters(
            index = "1",
            paramLabel = "EVENT|FILE",
            description = "An event type that has a sample, or a file that holds the request's body.")
    private String what = "";

    @Option(names = "--to", paramLabel = "URL", description = "Where to (default: the node of --dir on this machine).")
    private @Nullable URI to;

    @Option(names = "--count", paramLabel = "N", description = "Send it N times, each time as another event.")
    private int count = 1;

    @Option(
            names = "--as-is",
            description = "Keep the ids: without this each sample that is sent is a new event, so that it runs."
                    + " A file, and a sample whose id is set with --set, keep theirs anyway.")
    private boolean asIs;

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "Set a field, for example data.quality_score=2.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            description = "Which of several samples of the event: older or newer, won or lost.")
    private @Nullable String shape;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1) {
            throw new CommandFailure("--count is " + count + ": give a number from 1.");
        }
        Settings settings = Settings.load(directory.get());
        Source signer = SendSource.find(settings, source);
        Sample sample = changed(SendSource.sample(settings, signer, what, Optional.ofNullable(shape)));
        if (count > 1 && sample.ids().isEmpty()) {
            throw new CommandFailure("--count is " + count + ", but what makes " + what
                    + " an event of its own is not known: send it once, or set a field with --set for each.");
        }
        return send(signer, sample, target(settings));
    }

    private Sample changed(Sample sample) {
        try {
            return sample.with(set);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private URI target(Settings settings) {
        if (to != null) {
            return to;
        }
        int port = DataDirectory.isInUse(directory.data())
                ? NodePorts.read(directory.data()).map(NodePorts::server).orElse(0)
                : settings.count("camel.server.port", PORT, 0, 65_535);
        if (port == 0) {
            throw new CommandFailure("camel.server.port is 0, any free port: say with --to where the node listens.");
        }
        if (settings.flag("camel.server.useGlobalSslContextParameters", false)) {
            throw new CommandFailure("The node of --dir speaks HTTPS: say with --to by which name its certificate knows"
                    + " it, for example https://hooks.example.com/webhooks/" + source + ".");
        }
        return URI.create("http://localhost:" + port + "/webhooks/" + source);
    }

    private int send(Source signer, Sample sample, URI target) throws InterruptedException {
        Clock clock = Clock.systemUTC();
        String run = Long.toString(clock.millis(), Character.MAX_RADIX);
        Sender sender = new Sender(clock);
        List<Sender.Answer> answers = new ArrayList<>();
        PrintWriter out = Console.out(spec);
        try (Progress progress = Progress.of(Console.err(spec), "Sending", count)) {
            for (int number = 1; number <= count; number++) {
                Sample one = keepsIds(sample) ? sample : sample.distinct(run + "-" + number);
                Sender.Answer answer = sender.send(signer, one.body(), type(one), target);
                answers.add(answer);
                if (!json) {
                    out.println(answer.status() + " " + answer.body().strip());
                }
                progress.step();
            }
        } catch (IOException noAnswer) {
            Console.err(spec)
                    .println("No answer from " + target + " ("
                            + noAnswer.getClass().getSimpleName()
                            + "): start the node with run, or name another with --to.");
            return 1;
        }
        if (json) {
            out.println(Views.json(answers.stream().map(SendCommand::view).toList()));
        }
        return answers.stream().allMatch(answer -> answer.status() == 200) ? 0 : 1;
    }

    private boolean keepsIds(Sample sample) {
        boolean named =
                Files.isRegularFile(Path.of(what)) || sample.ids().stream().anyMatch(this::isSet);
        return count == 1 && (asIs || named || sample.ids().isEmpty());
    }

    private boolean isSet(JsonPointer id) {
        String path = id.toString().substring(1).replace('/', '.') + "=";
        return set.stream().anyMatch(field -> field.startsWith(path));
    }

    private static @Nullable String type(Sample sample) {
        return sample.event().isEmpty() ? null : sample.event();
    }

    private static Map<String, Object> view(Sender.Answer answer) {
        return Map.of("status", answer.status(), "body", answer.body());
    }
}

package dev.caravan.cli;

import dev.caravan.samples.Sample;
import dev.caravan.samples.Samples;
import dev.caravan.settings.Settings;
import dev.caravan.settings.SystemSource;
import dev.caravan.source.Headers;
import dev.caravan.source.Identification;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.Presets;
import dev.caravan.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what {@code send} is to send, and with whose secret. */
final class SendSource {
    private SendSource() {}

    /** @throws CommandFailure if the settings have no such source, or it has no secret */
    static Source find(Settings settings, String name) {
        if (name.equals(SystemSource.NAME)) {
            throw new CommandFailure("The source " + name
                    + " is that of Caravan's own events, which nobody can send: a delivery that dies makes one.");
        }
        List<Source> sources = Source.readAll(settings, Presets.load(settings));
        Source source = sources.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("There is no source " + name + ": there are "
                        + listed(sources.stream().map(Source::name).toList())
                        + ". Add caravan.source." + name + ".preset for another."));
        if (!source.hasSecret()) {
            throw new CommandFailure("The source " + name + " has no secret to sign with: set caravan.source." + name
                    + ".secret, or say with --dir where it is set.");
        }
        return source;
    }

    /**
     * The sample of an event type, or the file.
     *
     * @throws CommandFailure if it is neither
     */
    static Sample sample(Settings settings, Source source, String what, Optional<String> shape) {
        Path file = Path.of(what);
        String preset =
                settings.text("caravan.source." + source.name() + ".preset").orElse("");
        Samples samples = Samples.shipped();
        if (Files.isRegularFile(file)) {
            return fromFile(source, preset, file, samples);
        }
        return samples.find(preset, what, shape)
                .orElseThrow(() -> unknown(source, what, shape, samples.events(preset)));
    }

    private static Sample fromFile(Source source, String preset, Path file, Samples samples) {
        byte[] body;
        try {
            body = Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new CommandFailure("The file " + file + " cannot be read.", unreadable);
        }
        IncomingRequest request = new IncomingRequest("POST", "/", Headers.of(Map.of()), body, Instant.EPOCH);
        String type = source.identify(request) instanceof Identification.Identified found
                        && !found.events().isEmpty()
                ? found.events().get(0).type()
                : "";
        return new Sample(
                preset,
                type,
                "",
                body,
                samples.find(preset, type, Optional.empty()).map(Sample::ids).orElse(List.of()));
    }

    private static CommandFailure unknown(Source source, String what, Optional<String> shape, Set<String> events) {
        String wanted = what + shape.map(name -> " in the shape " + name).orElse("");
        return new CommandFailure(
                events.isEmpty()
                        ? "The source " + source.name() + " has no samples, and " + what
                                + " is no file: give a file that holds the request's body."
                        : "There is no sample " + wanted + " for the source " + source.name()
                                + ", and no such file: there are " + listed(events) + ".");
    }

    private static String listed(Iterable<String> names) {
        String all = String.join(", ", names);
        return all.isEmpty() ? "none" : all;
    }
}

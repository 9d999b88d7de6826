package dev.caravan.selftest;

import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.InboxSettings;
import dev.caravan.runtime.NodeCheck;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.samples.Sample;
import dev.caravan.samples.Samples;
import dev.caravan.source.Headers;
import dev.caravan.source.Identification;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.Source;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a self-test runs: the user's configuration with what has to be another in it, and the events that it sends.
 *
 * @param automations each as it will start
 * @param kinds what is sent, in turn
 * @param silent the names of the sources for which it has no events
 * @param probe whether it added an automation of its own, since none of the user's can run
 * @param inbox the user's
 */
record Setting(
        List<AutomationState> automations, List<Kind> kinds, List<String> silent, boolean probe, InboxSettings inbox) {
    private static final String PROBE = "selftest-probe";
    private static final String ANY_TYPE = "selftest";
    private static final int SECRET_BYTES = 32;
    private static final String PROBE_ROUTE = """
            - route:
                id: selftest-probe
                description: Takes part in the self-test where no other automation can
                from:
                  uri: "inbox:*"
                  steps:
                    - to:
                        id: send
                        uri: kamelet:http-forward-sink
                        parameters:
                          url: https://selftest.invalid/
            """;

    /** One event of a source, of which any number can be made. */
    record Kind(Source source, Sample sample) {}

    Setting {
        automations = List.copyOf(automations);
        kinds = List.copyOf(kinds);
        silent = List.copyOf(silent);
    }

    /**
     * Reads it and changes the copy of the user's directory accordingly.
     *
     * @throws dev.caravan.settings.InvalidSettings if the configuration is wrong
     */
    static Setting prepare(Scratch scratch) throws IOException {
        listenHereOnly(scratch);
        giveSecrets(scratch);
        NodeConfig config = NodeConfig.read(scratch.directory());
        if (kinds(config).isEmpty()) {
            scratch.set("caravan.source.selftest.preset", "koji");
            scratch.set("caravan.source.selftest.secret", newSecret());
            config = NodeConfig.read(scratch.directory());
        }
        List<AutomationState> states =
                NodeCheck.routes(config, scratch.directory()).states();
        boolean probe = states.stream().noneMatch(Setting::takesPart);
        if (probe) {
            scratch.addRoute(PROBE, PROBE_ROUTE);
            states = NodeCheck.routes(config, scratch.directory()).states();
        }
        List<Kind> kinds = kinds(config);
        return new Setting(
                states,
                kinds,
                config.sources().stream()
                        .filter(source -> kinds.stream().noneMatch(kind -> kind.source() == source))
                        .map(Source::name)
                        .toList(),
                probe,
                config.inbox());
    }

    /** Whether the automation runs and takes events. */
    static boolean takesPart(AutomationState state) {
        return state.state() == AutomationState.State.ON && !state.sources().isEmpty();
    }

    private static void listenHereOnly(Scratch scratch) {
        scratch.set("camel.server.host", "127.0.0.1");
        scratch.set("caravan.roles", "");
        scratch.set("camel.server.port", "0");
        scratch.set("camel.server.useGlobalSslContextParameters", "false");
        scratch.set("camel.ssl.enabled", "false");
        scratch.set("camel.management.host", "127.0.0.1");
        scratch.set("camel.management.port", "0");
    }

    private static void giveSecrets(Scratch scratch) {
        NodeConfig config = NodeConfig.read(scratch.directory());
        for (Source source : config.sources()) {
            if (!source.hasSecret()) {
                String key = "caravan.source." + source.name();
                boolean basic = config.settings()
                        .text(key + ".signature")
                        .orElse("")
                        .strip()
                        .equalsIgnoreCase("basic");
                scratch.set(key + ".secret", (basic ? "selftest:" : "") + newSecret());
            }
        }
    }

    /** Good as text and, where a method wants that, as base64. */
    private static String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    private static List<Kind> kinds(NodeConfig config) {
        List<Kind> kinds = new ArrayList<>();
        for (Source source : config.sources()) {
            String preset = config.settings()
                    .text("caravan.source." + source.name() + ".preset")
                    .orElse("");
            List<Sample> samples = Samples.shipped().of(preset);
            (samples.isEmpty() ? invented(source) : samples).forEach(sample -> kinds.add(new Kind(source, sample)));
        }
        return kinds;
    }

    /** The smallest event of each type that the vendor is known to send. */
    private static List<Sample> invented(Source source) {
        Set<String> types = source.eventTypes().isEmpty() ? Set.of(ANY_TYPE) : new TreeSet<>(source.eventTypes());
        List<Sample> samples = new ArrayList<>();
        for (String type : types) {
            source.example(type)
                    .map(example -> new Sample("", type, "", example.body(), example.ids()))
                    .filter(sample -> isEvent(source, sample))
                    .ifPresent(samples::add);
        }
        return samples;
    }

    private static boolean isEvent(Source source, Sample sample) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        source.sign(sample.body(), "/", Instant.EPOCH, sample.event())
                .forEach((name, value) -> headers.put(name, List.of(value)));
        IncomingRequest request = new IncomingRequest("POST", "/", Headers.of(headers), sample.body(), Instant.EPOCH);
        return source.identify(request) instanceof Identification.Identified;
    }
}

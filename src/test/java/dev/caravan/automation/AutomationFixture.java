package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A directory, a real Camel context, the queue inbox, and settings from a map. */
final class AutomationFixture implements AutoCloseable {
    final Path base;
    final Properties settings = new Properties();
    final Set<String> sources = new HashSet<>(Set.of("koji", "kejue"));
    final Map<String, Boolean> switches = new HashMap<>();
    final QueueInbox inbox = new QueueInbox();
    final List<String> heard = new CopyOnWriteArrayList<>();
    final DefaultCamelContext context = new DefaultCamelContext();
    final Kamelets kamelets;
    final Automations automations;

    AutomationFixture(Path base) throws IOException {
        this.base = base;
        Files.createDirectories(base.resolve("routes"));
        this.kamelets = new Kamelets(base, List.of("say-sink"));
        context.disableJMX();
        context.getPropertiesComponent().setInitialProperties(settings);
        context.getRegistry().bind("heard", heard);
        context.addComponent("inbox", inbox.component());
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        this.automations = new Automations(context, base, routeSettings(), kamelets, inbox, this::scratch);
    }

    void scratch(CamelContext scratch) {
        scratch.addComponent("inbox", inbox.component());
    }

    RouteSettings routeSettings() {
        return new RouteSettings(this::resolve, sources::contains, switches, SayProcessor::encode);
    }

    AutomationFixture start(RouteBuilder... builders) throws IOException {
        context.start();
        automations.start(List.of(builders));
        return this;
    }

    Path file(String name) {
        return base.resolve("routes").resolve(name);
    }

    void write(String name, String text) {
        try {
            Path whole = Files.writeString(base.resolve("whole.tmp"), text);
            Files.move(whole, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the file and applies the change, as the watcher would. */
    void save(String name, String text) {
        write(name, text);
        automations.apply(Map.of("routes/" + name, Optional.of(text)));
    }

    void delete(String name) throws IOException {
        Files.delete(file(name));
        automations.apply(Map.of("routes/" + name, Optional.empty()));
    }

    void apply(Map<String, String> changes) {
        Map<String, Optional<String>> all = new HashMap<>();
        changes.forEach((name, text) -> all.put("routes/" + name, Optional.ofNullable(text)));
        automations.apply(all);
    }

    AutomationState state(String id) {
        return automations.states().stream()
                .filter(state -> state.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no automation " + id + " in " + automations.states()));
    }

    RoutesCheck check() {
        return new RoutesCheck(context, base, routeSettings(), kamelets, this::scratch);
    }

    void awaitHeard(String... texts) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(heard).containsExactly(texts));
    }

    /** A route from {@code inbox:koji} that says the text, the step's id {@code message}. */
    static String saying(String id, String text) {
        return """
                - route:
                    id: %s
                    from:
                      uri: inbox:koji
                      steps:
                        - to:
                            id: message
                            uri: kamelet:say-sink
                            parameters:
                              text: "%s"
                """.formatted(id, text);
    }

    private Optional<String> resolve(String text, Set<String> missing) {
        String out = text;
        for (Placeholder found : Placeholder.in(text)) {
            String[] parts = found.body().split(":", 2);
            String value = settings.getProperty(parts[0], parts.length > 1 ? parts[1] : null);
            if (value == null) {
                missing.add(parts[0]);
                return Optional.empty();
            }
            out = out.replace(found.written(), value);
        }
        return Optional.of(out);
    }

    @Override
    public void close() {
        context.stop();
    }
}

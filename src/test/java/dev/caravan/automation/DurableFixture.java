package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.DeliverySettings;
import dev.caravan.delivery.Dispatcher;
import dev.caravan.delivery.StepFailure;
import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.Definition;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.ReplaySelection;
import dev.caravan.inbox.Subscription;
import dev.caravan.sink.FailureClassifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;

/** A real inbox in a directory, its dispatcher, and a real Camel context with the automation {@code a}. */
final class DurableFixture implements AutoCloseable {
    static final int STATE_LIMIT = 100_000;
    private static final Clock CLOCK = Clock.systemUTC();

    /** What the steps did: the step and the body it saw. */
    final List<String> did = new CopyOnWriteArrayList<>();

    /** The value of {@code {{secret}}}. */
    volatile String secret = "old";

    private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
    private final Path base;
    final Inbox inbox;
    private final Dispatcher dispatcher;
    final DefaultCamelContext context = new DefaultCamelContext();
    private final DeliverySettings delivery;
    private final Automations automations;

    DurableFixture(Path base) throws Exception {
        this(base, Duration.ofSeconds(20));
    }

    static DurableFixture withTimeout(Path base, int seconds) throws Exception {
        return new DurableFixture(base, Duration.ofSeconds(seconds));
    }

    private DurableFixture(Path base, Duration timeout) throws Exception {
        this.base = base;
        this.delivery = new DeliverySettings(Collections.nCopies(3, Duration.ofMillis(20)), 4, timeout, STATE_LIMIT);
        Files.createDirectories(base.resolve("routes"));
        this.inbox = Inbox.open(base.resolve("data"), CLOCK);
        this.dispatcher = new Dispatcher(inbox, Duration.ofSeconds(5), settled -> {});
        context.disableJMX();
        context.getShutdownStrategy().setTimeout(1);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.addComponent("inbox", component());
        Kamelets kamelets = new Kamelets(base, List.of("say-sink"));
        context.getCamelContextExtension()
                .addInterceptStrategy(new StepTracker(
                        exchange -> Objects.requireNonNull(InboxComponent.attemptOf(exchange))
                                .begin(exchange.getProperty(StepTracker.STEP, String.class)),
                        STATE_LIMIT,
                        new FailureClassifier(CLOCK),
                        kamelets));
        RouteSettings settings = new RouteSettings(
                (text, missing) -> Optional.of(text.replace("{{secret}}", secret)),
                s -> true,
                Map.of(),
                SayProcessor::encode);
        this.automations = new Automations(context, base, settings, kamelets, new QueueInbox(), this::scratch);
        context.getRegistry().bind("heard", did);
    }

    private InboxComponent component() {
        return new InboxComponent(dispatcher::open, delivery, new FailureClassifier(CLOCK));
    }

    private void scratch(CamelContext scratch) {
        scratch.addComponent("inbox", component());
    }

    /** A bean that notes its name and the body, then fails as often as it was told to, else does more. */
    DurableFixture step(String name, Processor more) {
        context.getRegistry().bind(name, (Processor) exchange -> {
            String seen = name + "=" + exchange.getMessage().getBody(String.class);
            did.add(seen);
            AtomicInteger left = failures.get(seen);
            if (left != null && left.getAndDecrement() > 0) {
                throw StepFailure.passing("not now", null);
            }
            more.process(exchange);
        });
        return this;
    }

    DurableFixture step(String name) {
        return step(name, exchange -> {});
    }

    DurableFixture fails(String seen, int times) {
        failures.put(seen, new AtomicInteger(times));
        return this;
    }

    /** Does more with what {@code say-sink} says. */
    void hearing(SayProcessor.Hearing hearing) {
        context.getRegistry().bind("hearing", SayProcessor.Hearing.class, hearing);
    }

    static Processor body(Object body) {
        return exchange -> exchange.getMessage().setBody(body);
    }

    static String route(String steps) {
        return """
                - route:
                    id: a
                    from:
                      uri: inbox:koji
                      steps:
                %s
                """.formatted(steps.indent(8).stripTrailing());
    }

    DurableFixture start(String file) throws Exception {
        Files.writeString(base.resolve("routes/a.yaml"), file);
        inbox.subscribe(new Subscription("a", "routes/a.yaml", List.of("koji"), List.of("*")))
                .join();
        context.start();
        automations.start(List.of());
        assertThat(automations.states()).allSatisfy(s -> assertThat(s.reason()).isEmpty());
        return this;
    }

    /** Runs a statement on the inbox's database, beside the inbox. */
    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("data/caravan.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute(sql);
        }
    }

    /** The messages of the delivery's attempts. */
    List<String> messages() {
        return inbox.reader().attemptsOf(delivery().id()).stream()
                .map(attempt -> attempt.message().orElse(""))
                .toList();
    }

    void save(String file) {
        automations.apply(Map.of("routes/a.yaml", Optional.of(file)));
        assertThat(automations.states()).allSatisfy(s -> assertThat(s.reason()).isEmpty());
    }

    DurableFixture send(String payload) {
        inbox.store(List.of(new Arrival(
                        "koji",
                        "t",
                        Optional.empty(),
                        payload,
                        Map.of(),
                        payload.getBytes(StandardCharsets.UTF_8),
                        CLOCK.instant())))
                .join();
        return this;
    }

    DeliverySummary delivery() {
        return inbox.reader().deliveries(Optional.empty(), Optional.empty(), 1).get(0);
    }

    DeliverySummary await(DeliveryState state) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(delivery().state()).isEqualTo(state));
        return delivery();
    }

    void replay() {
        inbox.replays().run(ReplaySelection.delivery(delivery().id()), Definition.Lookup.NONE, Optional.empty());
    }

    String failure() {
        return delivery().lastAttempt().orElseThrow().message().orElse("");
    }

    static Map<String, Object> headers(Exchange exchange) {
        return exchange.getMessage().getHeaders();
    }

    /** Ends the inbox as a crash would: what runs is not settled. */
    void crash() {
        inbox.close();
    }

    @Override
    public void close() {
        context.stop();
        dispatcher.close();
        inbox.close();
    }
}

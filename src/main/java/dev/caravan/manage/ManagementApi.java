package dev.caravan.manage;

import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.EventSummary;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.InboxReader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** {@code /api/v1} and the console on the management listener. */
public final class ManagementApi {
    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST_LIMIT = 1_000;

    private final Inbox inbox;
    private final InboxReader reader;
    private final Supplier<List<AutomationState>> automations;
    private final Access access;
    private final String console;

    public ManagementApi(Inbox inbox, Supplier<List<AutomationState>> automations, ManagementSettings settings) {
        this.inbox = inbox;
        this.reader = inbox.reader();
        this.automations = automations;
        this.access = new Access(settings.token());
        this.console = console();
    }

    private static String console() {
        try (InputStream in = ManagementApi.class.getResourceAsStream("/console/index.html")) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks console/index.html: build it again.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("console/index.html cannot be read", e);
        }
    }

    /** Adds the paths to the management listener's router, access control before all others. */
    public void register(Router router) {
        router.route().order(-1_000).handler(access);
        router.get("/")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "text/html; charset=utf-8")
                        .putHeader(
                                "Content-Security-Policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'")
                        .putHeader("Cache-Control", "no-store")
                        .end(console));
        get(router, "/api/v1/status", context -> status());
        get(router, "/api/v1/events", this::events);
        get(router, "/api/v1/events/:id", this::event);
        get(router, "/api/v1/deliveries", this::deliveries);
        get(router, "/api/v1/deliveries/:id", this::delivery);
        get(
                router,
                "/api/v1/automations",
                context -> Optional.of(automations.get().stream().map(Views::of).toList()));
        new ForgetApi(inbox).register(router);
        router.route("/api/*").last().handler(context -> Responses.error(context, 404, "there is no such path"));
    }

    interface Answer {
        /** Empty where there is no such thing. */
        Optional<Object> to(RoutingContext context);
    }

    static void get(Router router, String path, Answer answer) {
        router.get(path).handler(context -> {
            Callable<Optional<Object>> read = () -> answer.to(context);
            context.vertx().executeBlocking(read, false).onComplete(result -> {
                if (result.failed()) {
                    Responses.error(context, 503, "the inbox could not be read");
                } else if (result.result().isPresent()) {
                    Responses.json(context, 200, result.result().get());
                } else {
                    Responses.error(context, 404, "there is no such thing");
                }
            });
        });
    }

    private Optional<Object> status() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("events", reader.eventCount());
        Map<String, Long> deliveries = new LinkedHashMap<>();
        reader.deliveryCounts().forEach((state, count) -> deliveries.put(state.label(), count));
        view.put("deliveries", deliveries);
        view.put("quarantine", reader.quarantineCounts());
        view.put("quarantineDropped", inbox.quarantine().dropped());
        return Optional.of(view);
    }

    private Optional<Object> events(RoutingContext context) {
        return Optional.of(
                reader.events(parameter(context, "source"), parameter(context, "type"), limit(context)).stream()
                        .map(Views::of)
                        .toList());
    }

    private Optional<Object> event(RoutingContext context) {
        String id = context.pathParam("id");
        Optional<EventSummary> summary = reader.eventSummary(id);
        return summary.flatMap(found -> reader.event(id).map(event -> Views.of(found, event, deliveriesOf(id))));
    }

    private List<Map<String, Object>> deliveriesOf(String eventId) {
        return reader.deliveriesOf(eventId).stream()
                .map(delivery -> Views.of(delivery, reader.attemptsOf(delivery.id())))
                .toList();
    }

    private Optional<Object> deliveries(RoutingContext context) {
        Optional<DeliveryState> state = parameter(context, "state").flatMap(DeliveryState::ofLabel);
        List<DeliverySummary> found = reader.deliveries(state, parameter(context, "automation"), limit(context));
        return Optional.of(found.stream().map(Views::of).toList());
    }

    private Optional<Object> delivery(RoutingContext context) {
        return reader.delivery(context.pathParam("id"))
                .map(delivery -> Views.of(delivery, reader.attemptsOf(delivery.id())));
    }

    static Optional<String> parameter(RoutingContext context, String name) {
        return Optional.ofNullable(context.request().getParam(name)).filter(value -> !value.isEmpty());
    }

    static int limit(RoutingContext context) {
        try {
            int asked = parameter(context, "limit").map(Integer::parseInt).orElse(DEFAULT_LIMIT);
            return Math.max(1, Math.min(asked, LARGEST_LIMIT));
        } catch (NumberFormatException e) {
            return DEFAULT_LIMIT;
        }
    }
}

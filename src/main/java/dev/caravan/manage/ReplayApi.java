package dev.caravan.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.Definition;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.ReplayPlan;
import dev.caravan.inbox.ReplaySelection;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/replay} and {@code POST /api/v1/deliveries/ID/replay}. */
public final class ReplayApi {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LARGEST_REQUEST = 64 << 10;

    private final Inbox inbox;
    private final Definition.Lookup definitions;
    private final ReplayDesk desk;

    /** {@code clock} is what {@code 2d} counts back from. */
    public ReplayApi(Inbox inbox, Supplier<List<AutomationState>> automations, Clock clock) {
        this.inbox = inbox;
        this.definitions = new Definitions(automations);
        this.desk = new ReplayDesk(inbox.reader(), definitions, clock);
    }

    /** Adds the paths to the management listener's router, which keeps strangers out. */
    public void register(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(LARGEST_REQUEST);
        router.route(HttpMethod.POST, "/api/v1/replay")
                .handler(body)
                .handler(context -> answer(context, () -> replay(context.body().asString())));
        router.route(HttpMethod.POST, "/api/v1/deliveries/:id/replay")
                .handler(context -> answer(context, () -> one(context.pathParam("id"))));
    }

    private record Answer(int status, Map<String, Object> view) {}

    private static void answer(RoutingContext context, Callable<Answer> work) {
        context.vertx().executeBlocking(work, false).onComplete(done -> {
            if (done.succeeded()) {
                Responses.json(context, done.result().status(), done.result().view());
            } else if (done.cause() instanceof ReplayRefused refused) {
                Responses.error(context, refused.status(), refused.sentence());
            } else {
                Responses.error(context, 503, "the inbox could not be read or written");
            }
        });
    }

    private Answer replay(@Nullable String body) throws ReplayRefused {
        JsonNode request = parse(body);
        return new Answer(
                200, ReplayRequest.onlyPlan(request) ? desk.plan(request) : desk.run(request, inbox.replays()));
    }

    private static JsonNode parse(@Nullable String body) throws ReplayRefused {
        try {
            JsonNode request = JSON.readTree(body == null ? "" : body);
            if (request.isObject()) {
                return request;
            }
        } catch (JsonProcessingException e) {
            throw ReplayRefused.wrong("the body is not JSON");
        }
        throw ReplayRefused.wrong("the body is not a JSON object");
    }

    private Answer one(String id) throws ReplayRefused {
        ReplaySelection selection = ReplaySelection.delivery(id);
        ReplayPlan plan = desk.plan(selection);
        Map<String, Object> view = new LinkedHashMap<>();
        long replayed =
                inbox.replays().run(selection, definitions, Optional.empty()).deliveries();
        if (replayed == 0) {
            String why = plan.hindered().stream()
                    .map(hindered -> hindered.reason().text())
                    .findFirst()
                    .orElse("an attempt began just now");
            view.put("error", "the delivery " + id + " cannot be replayed: " + why);
            return new Answer(409, view);
        }
        view.put("id", id);
        plan.parts().stream()
                .flatMap(part -> part.was().stream())
                .map(DeliveryState::label)
                .forEach(was -> view.put("was", was));
        return new Answer(200, view);
    }
}

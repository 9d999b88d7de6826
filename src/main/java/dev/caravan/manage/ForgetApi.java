package dev.caravan.manage;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.inbox.Forget;
import dev.caravan.inbox.ForgetCount;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.PersonalValue;
import dev.caravan.inbox.StorageException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/forget} with {@code {"pointer": "/data/email", "value": "…"}} and, where wanted,
 * {@code "source"}; with {@code "plan": true} it only counts. The value comes in the body, so that no log of URLs has
 * it. Answers when it is done, which takes as long as looking through all payloads does.
 */
public final class ForgetApi {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final long LARGEST_REQUEST = 64 << 10;

    private final Forget forget;
    private final InboxReader reader;

    ForgetApi(Inbox inbox) {
        this.forget = inbox.forget();
        this.reader = inbox.reader();
    }

    void register(Router router) {
        router.post("/api/v1/forget")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_REQUEST))
                .handler(this::answer);
    }

    private void answer(RoutingContext context) {
        Request request;
        try {
            request = Request.parse(context.body().buffer());
        } catch (IllegalArgumentException e) {
            Responses.error(context, 400, String.valueOf(e.getMessage()));
            return;
        }
        Callable<ForgetCount> work =
                () -> request.plan() ? reader.forgettable(request.person()) : forget.person(request.person());
        context.vertx().executeBlocking(work, false).onComplete(done -> {
            if (done.succeeded()) {
                Responses.json(context, 200, view(done.result()));
            } else {
                String why = done.cause() instanceof StorageException known ? known.getMessage() : "it was interrupted";
                Responses.error(context, 503, "not all was forgotten, repeat it: " + why);
            }
        });
    }

    private record Request(PersonalValue person, boolean plan) {

        /** @throws IllegalArgumentException with what is wrong with it; never with the value */
        static Request parse(@Nullable Buffer body) {
            JsonNode tree;
            try {
                tree = JSON.readTree(body == null ? new byte[0] : body.getBytes());
            } catch (IOException e) {
                throw new IllegalArgumentException("the body is not JSON");
            }
            String pointer = tree.path("pointer").asText();
            String value = tree.path("value").asText();
            if (!pointer.startsWith("/")) {
                throw new IllegalArgumentException("pointer is not a JSON Pointer such as /data/participant/email");
            }
            if (value.isEmpty()) {
                throw new IllegalArgumentException("value is missing");
            }
            Optional<String> source = Optional.of(tree.path("source").asText()).filter(name -> !name.isEmpty());
            return new Request(
                    new PersonalValue(JsonPointer.compile(pointer), value, source),
                    tree.path("plan").asBoolean());
        }
    }

    /** A count as it looks in the API and on the command line. */
    public static Map<String, Object> view(ForgetCount count) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("events", count.events());
        view.put("deliveries", count.deliveries());
        view.put("open", count.open());
        view.put("quarantine", count.quarantine());
        view.put("running", count.running());
        return view;
    }
}

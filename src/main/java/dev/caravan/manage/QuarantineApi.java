package dev.caravan.manage;

import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Quarantine;
import dev.caravan.inbox.QuarantineReader;
import dev.caravan.inbox.Refusal;
import dev.caravan.receive.Admission;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code /api/v1/quarantine}: what is there, and what a person does with it. */
public final class QuarantineApi {
    private static final String PATH = "/api/v1/quarantine";

    private final Quarantine quarantine;
    private final QuarantineReader reader;
    private final Admission admission;

    public QuarantineApi(Inbox inbox, Admission admission) {
        this.quarantine = inbox.quarantine();
        this.reader = inbox.reader().quarantine();
        this.admission = admission;
    }

    /** Adds the paths to the management listener's router. */
    public void register(Router router) {
        ManagementApi.get(router, PATH, this::list);
        ManagementApi.get(router, PATH + "/:id", this::show);
        router.post(PATH + "/:id/admit").handler(this::admit);
        router.post(PATH + "/:id/drop").handler(this::drop);
        router.delete(PATH + "/:id").handler(this::drop);
    }

    private Optional<Object> list(RoutingContext context) {
        Optional<Refusal.Kind> kind = ManagementApi.parameter(context, "kind").flatMap(Refusal.Kind::ofLabel);
        return Optional.of(
                reader.list(ManagementApi.parameter(context, "source"), kind, ManagementApi.limit(context)).stream()
                        .map(QuarantineViews::of)
                        .toList());
    }

    private Optional<Object> show(RoutingContext context) {
        boolean body =
                ManagementApi.parameter(context, "body").filter("true"::equals).isPresent();
        return reader.find(context.pathParam("id")).map(found -> QuarantineViews.of(found, body));
    }

    private void admit(RoutingContext context) {
        String id = context.pathParam("id");
        Callable<Admission.Result> admitting = () -> admission.admit(id);
        context.vertx().executeBlocking(admitting, false).onComplete(done -> {
            if (done.failed()) {
                Responses.error(context, 503, "the inbox could not be used");
            } else if (done.result().outcome() == Admission.Outcome.ABSENT) {
                absent(context, id);
            } else {
                Responses.json(context, 200, QuarantineViews.of(done.result()));
            }
        });
    }

    private void drop(RoutingContext context) {
        String id = context.pathParam("id");
        quarantine
                .drop(id)
                .whenComplete((dropped, failure) -> context.vertx().runOnContext(ignored -> {
                    if (failure != null) {
                        Responses.error(context, 503, "the inbox could not be written");
                    } else if (dropped) {
                        Responses.json(context, 200, Map.of("id", id, "outcome", "dropped"));
                    } else {
                        absent(context, id);
                    }
                }));
    }

    private static void absent(RoutingContext context, String id) {
        Responses.error(context, 404, "there is no " + id + " in quarantine");
    }
}

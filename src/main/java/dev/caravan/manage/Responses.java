package dev.caravan.manage;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** Writes JSON answers. */
final class Responses {
    private Responses() {}

    static void json(RoutingContext context, int status, Object view) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(Views.json(view));
    }

    static void error(RoutingContext context, int status, String error) {
        json(context, status, Map.of("error", error));
    }
}

package dev.caravan.manage;

import dev.caravan.inbox.Quarantined;
import dev.caravan.receive.Admission;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How quarantined requests look as JSON, in the API and on the command line. */
public final class QuarantineViews {
    private QuarantineViews() {}

    public static Map<String, Object> of(Quarantined.Summary request) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", request.id());
        view.put("source", request.source());
        view.put("kind", request.kind());
        view.put("reason", request.reason());
        view.put("receivedAt", request.receivedAt().toString());
        view.put("lastAt", request.lastAt().toString());
        view.put("count", request.count());
        view.put("bytes", request.bytes());
        view.put("address", request.address());
        return view;
    }

    /** One with the headers of its requests; with its body, as text and exactly, where that is asked for. */
    public static Map<String, Object> of(Quarantined found, boolean body) {
        Map<String, Object> view = of(found.summary());
        view.put("requests", found.requests().stream().map(QuarantineViews::of).toList());
        if (body) {
            view.put("body", new String(found.body(), StandardCharsets.UTF_8));
            view.put("bodyBase64", Base64.getEncoder().encodeToString(found.body()));
        }
        return view;
    }

    private static Map<String, Object> of(Quarantined.Request request) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("receivedAt", request.receivedAt().toString());
        view.put("address", request.address());
        view.put("reason", request.reason());
        view.put("method", request.method());
        view.put("uri", request.uri());
        view.put("headers", request.headers());
        return view;
    }

    public static Map<String, Object> of(Admission.Result result) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", result.id());
        view.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        if (!result.reason().isEmpty()) {
            view.put("reason", result.reason());
        }
        if (!result.events().isEmpty()) {
            view.put("events", result.events());
        }
        return view;
    }
}

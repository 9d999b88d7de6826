package dev.caravan.dryrun;

import dev.caravan.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How effects look, as a line and as JSON: what the captured request or the row says, secrets masked. Immutable. */
public final class EffectViews {
    private static final String WEBHOOK_KEY = ".webhook-url";
    private static final String SLACK = "slack.";
    private static final int LONGEST_VALUE = 60;

    /** The names under which the settings know webhooks, by URL. */
    private final Map<String, String> webhooks;

    private EffectViews(Map<String, String> webhooks) {
        this.webhooks = Map.copyOf(webhooks);
    }

    /** Views in which a webhook has the name of its key: {@code research} for {@code slack.research.webhook-url}. */
    public static EffectViews named(Settings settings) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String key : settings.keys("")) {
            if (key.endsWith(WEBHOOK_KEY)) {
                String name = key.substring(0, key.length() - WEBHOOK_KEY.length());
                settings.text(key)
                        .ifPresent(url -> names.putIfAbsent(
                                url.strip(), name.startsWith(SLACK) ? name.substring(SLACK.length()) : name));
            }
        }
        return new EffectViews(names);
    }

    /** One line, long values of a row cut; a line break in what was sent is shown as {@code |}. */
    public String line(Effect effect) {
        return oneLine(text(effect.what()));
    }

    private String text(Effect.What what) {
        if (what instanceof Effect.Request request) {
            return text(request.request());
        }
        if (what instanceof Effect.Row row) {
            return text(row);
        }
        if (what instanceof Effect.Statement statement) {
            return "SQL on " + statement.dataSource() + (statement.run() ? ": " : " (not run): ") + statement.sql()
                    + (statement.values().isEmpty() ? "" : " with " + pairs(statement.values()));
        }
        return ((Effect.Refusal) what).sentence();
    }

    private String text(CapturedRequest request) {
        Optional<SlackRequest> slack = SlackRequest.of(request);
        if (slack.isPresent()) {
            return to(request, slack.get()) + ": \"" + slack.get().text().strip() + "\"";
        }
        Optional<MailRequest> mail = MailRequest.of(request);
        if (mail.isPresent()) {
            return mail.get().title() + " by " + request.host();
        }
        return request.method() + " " + Masking.url(request)
                + (request.body().length == 0 ? "" : " (" + request.body().length + " bytes)");
    }

    private String to(CapturedRequest request, SlackRequest slack) {
        String name = webhooks.get(request.url());
        if (!slack.webhook()) {
            return "Slack " + slack.channel();
        }
        return name == null ? "Slack webhook" : "Slack webhook " + name;
    }

    private static String text(Effect.Row row) {
        Map<String, @Nullable Object> others = new LinkedHashMap<>(row.values());
        others.keySet().removeAll(row.key());
        return row.table() + " " + pairs(row.keyValues()) + " (" + change(row) + ", "
                + row.values().size() + " columns) " + pairs(others);
    }

    private static String change(Effect.Row row) {
        return row.change() == Effect.Change.NOT_RUN
                ? "not run"
                : row.change().name().toLowerCase(Locale.ROOT);
    }

    private static String pairs(Map<String, @Nullable Object> values) {
        return values.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + cut(String.valueOf(pair.getValue())))
                .collect(Collectors.joining(" "));
    }

    private static String cut(String value) {
        return value.codePointCount(0, value.length()) <= LONGEST_VALUE
                ? value
                : value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE)) + "...";
    }

    /** Control characters could move a terminal's cursor. */
    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " | ").replaceAll("\\p{Cntrl}", " ");
    }

    /** For JSON: plain maps, lists, texts and numbers. */
    public Map<String, Object> json(Effect effect) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("step", effect.place().step());
        view.put("at", effect.at().toString());
        if (effect.what() instanceof Effect.Request request) {
            put(view, request.request());
        } else if (effect.what() instanceof Effect.Row row) {
            view.put("kind", "row");
            view.put("table", row.table());
            view.put("change", change(row));
            view.put("key", row.keyValues());
            view.put("values", row.values());
            view.put("sql", row.sql());
        } else if (effect.what() instanceof Effect.Statement statement) {
            view.put("kind", "sql");
            view.put("dataSource", statement.dataSource());
            view.put("sql", statement.sql());
            view.put("values", statement.values());
            view.put("run", statement.run());
        } else if (effect.what() instanceof Effect.Refusal refusal) {
            view.put("kind", "refused");
            view.put("component", refusal.component());
            view.put("reason", refusal.sentence());
        }
        return view;
    }

    private void put(Map<String, Object> view, CapturedRequest request) {
        view.put("kind", request.scheme().equals("smtp") ? "mail" : "http");
        view.put("method", request.method());
        view.put("url", Masking.url(request));
        SlackRequest.of(request).ifPresent(slack -> {
            view.put("destination", to(request, slack));
            view.put("text", slack.text());
        });
        MailRequest.of(request).ifPresent(mail -> {
            view.put("destination", "e-mail to " + String.join(", ", mail.to()));
            view.put("subject", mail.subject());
            view.put("text", mail.text());
        });
        view.put("headers", Masking.headers(request));
        view.put("body", Masking.body(request));
        view.put("answered", request.status());
    }
}

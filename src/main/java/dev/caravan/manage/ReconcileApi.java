package dev.caravan.manage;

import dev.caravan.inbox.Inbox;
import dev.caravan.reconcile.Outcome;
import dev.caravan.reconcile.Reconciliation;
import dev.caravan.source.CurrentSources;
import dev.caravan.source.Source;
import dev.caravan.source.VendorList;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/reconcile/SOURCE}: {@code POST} with {@code since} and {@code dry} begins a comparison with the vendor's
 * list, {@code GET} tells how the latest one stands. The node asks the vendor itself: nobody can hand it an event here.
 * One comparison of a source runs at a time.
 */
public final class ReconcileApi {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileApi.class);

    private final Map<String, Run> runs = new HashMap<>();
    private final Inbox inbox;
    private final CurrentSources sources;

    private record Run(Thread thread, Optional<Outcome> outcome) {
        boolean isRunning() {
            return outcome.isEmpty() && thread.isAlive();
        }
    }

    public ReconcileApi(Inbox inbox, CurrentSources sources) {
        this.inbox = inbox;
        this.sources = sources;
    }

    /** Adds the paths; who may use them is decided before. */
    public void register(Router router) {
        router.post("/api/v1/reconcile/:source").handler(this::begin);
        router.get("/api/v1/reconcile/:source").handler(this::latest);
    }

    private void begin(RoutingContext context) {
        String name = context.pathParam("source");
        Optional<Source> source = sources.find(name);
        Optional<VendorList> list = source.flatMap(Source::vendorList);
        Instant since = since(context);
        if (source.isEmpty() || list.isEmpty()) {
            Responses.error(
                    context, 404, "there is no source " + name + " with caravan.source." + name + ".reconcile.url");
        } else if (since == null) {
            Responses.error(context, 400, "give since=TIME, ISO 8601");
        } else {
            boolean dry = Boolean.parseBoolean(context.request().getParam("dry"));
            if (start(new Reconciliation(source.get(), list.get(), inbox, since, dry, inbox.clock()), name)) {
                Responses.json(context, 202, Map.of("state", "running"));
            } else {
                Responses.error(context, 409, "the source " + name + " is being compared right now");
            }
        }
    }

    private static @Nullable Instant since(RoutingContext context) {
        String text = context.request().getParam("since");
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private boolean start(Reconciliation reconciliation, String source) {
        Thread thread = new Thread(() -> run(reconciliation, source), "reconcile-" + source);
        thread.setDaemon(true);
        synchronized (runs) {
            Run latest = runs.get(source);
            if (latest != null && latest.isRunning()) {
                return false;
            }
            runs.put(source, new Run(thread, Optional.empty()));
            thread.start();
            return true;
        }
    }

    private void run(Reconciliation reconciliation, String source) {
        Outcome outcome = reconciliation.run();
        synchronized (runs) {
            runs.put(source, new Run(Thread.currentThread(), Optional.of(outcome)));
        }
        LOG.info(
                "Compared {} with its vendor's list since {}: {} listed, {} missing{}.",
                source,
                outcome.since(),
                outcome.listed(),
                outcome.missing().size(),
                outcome.problem().map(problem -> "; it ended early").orElse(""));
    }

    private void latest(RoutingContext context) {
        Run run;
        synchronized (runs) {
            run = runs.get(context.pathParam("source"));
        }
        if (run == null) {
            Responses.error(context, 404, "there was no comparison since this node was started");
        } else if (run.outcome().isPresent()) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("state", "done");
            view.putAll(view(run.outcome().get()));
            Responses.json(context, 200, view);
        } else if (run.isRunning()) {
            Responses.json(context, 200, Map.of("state", "running"));
        } else {
            Responses.error(context, 500, "the comparison failed; the log says more");
        }
    }

    /** What came of a comparison, as JSON has it. */
    public static Map<String, Object> view(Outcome outcome) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("source", outcome.source());
        view.put("eventType", outcome.eventType());
        view.put("since", outcome.since().toString());
        view.put("dryRun", outcome.dry());
        view.put("listed", outcome.listed());
        view.put("unfinished", outcome.unfinished());
        view.put("had", outcome.had());
        view.put("takenIn", outcome.dry() ? 0 : outcome.missing().size());
        view.put(
                "missing",
                outcome.missing().stream()
                        .map(missing -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("item", missing.item());
                            missing.eventId().ifPresent(id -> one.put("event", id));
                            return one;
                        })
                        .toList());
        outcome.problem().ifPresent(problem -> view.put("problem", problem));
        return view;
    }
}

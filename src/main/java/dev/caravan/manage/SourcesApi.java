package dev.caravan.manage;

import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.QuarantineReader;
import dev.caravan.source.CredentialDigests;
import dev.caravan.source.CurrentSources;
import dev.caravan.source.Source;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/v1/sources}: the sources, and when each of their secrets last matched. */
public final class SourcesApi {
    private final QuarantineReader reader;
    private final CurrentSources sources;
    private final CredentialDigests digests;

    public SourcesApi(Inbox inbox, CurrentSources sources, CredentialDigests digests) {
        this.reader = inbox.reader().quarantine();
        this.sources = sources;
        this.digests = digests;
    }

    /** Adds the path to the management listener's router. */
    public void register(Router router) {
        ManagementApi.get(router, "/api/v1/sources", context -> {
            Map<String, Instant> matches = reader.secretMatches();
            return Optional.of(
                    sources.all().stream().map(source -> view(source, matches)).toList());
        });
    }

    private Map<String, Object> view(Source source, Map<String, Instant> matches) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", source.name());
        view.put("path", "/webhooks/" + source.name());
        view.put("hasSecret", source.hasSecret());
        view.put("secrets", secrets(source, digests, matches));
        view.put("eventTypes", source.eventTypes());
        return view;
    }

    /**
     * The secrets of a source by their positions, from 1, in the order in which they are configured.
     *
     * @param matches when secrets last matched, by their digests
     */
    public static List<Map<String, Object>> secrets(
            Source source, CredentialDigests digests, Map<String, Instant> matches) {
        List<Map<String, Object>> views = new ArrayList<>();
        for (String secret : source.secretDigests(digests)) {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("position", views.size() + 1);
            Instant matched = matches.get(secret);
            if (matched != null) {
                view.put("lastMatched", matched.toString());
            }
            views.add(view);
        }
        return views;
    }
}

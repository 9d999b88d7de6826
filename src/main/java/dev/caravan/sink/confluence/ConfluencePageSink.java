package dev.caravan.sink.confluence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.RichText;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.Sinks;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.atlassian.AtlassianRules;
import dev.caravan.sink.atlassian.AtlassianSite;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code confluence-page-sink}: makes one page and sets a variable to a map with its {@code key} and {@code id}
 * (both the page's number) and {@code url}. A space has no two pages of one title, and the title ends in a mark of the
 * delivery's: a page that is there already is the one that an earlier attempt has made.
 */
public final class ConfluencePageSink extends SinkBean<ConfluencePageSink.Wanted, ConfluencePageSink.Started> {
    private static final String KAMELET = "confluence-page-sink";
    private static final String PAGES = "/wiki/api/v2/pages";
    private static final int BAD_REQUEST = 400;

    private @Nullable String baseUrl;
    private @Nullable String email;
    private @Nullable String token;
    private @Nullable String spaceId;
    private @Nullable String parentId;
    private @Nullable String title;
    private @Nullable String content;
    private @Nullable String pageVariable;

    /** What the step says. */
    record Wanted(AtlassianSite site, ConfluencePage page, String variable) {}

    /** What it holds while it runs. */
    record Started(Wanted wanted, VendorApi confluence, Clock clock) implements AutoCloseable {
        @Override
        public void close() {
            confluence.close();
        }
    }

    public ConfluencePageSink() {
        super(KAMELET);
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setEmail(String value) {
        this.email = value;
    }

    public void setToken(String value) {
        this.token = value;
    }

    public void setSpaceId(String value) {
        this.spaceId = value;
    }

    public void setParentId(String value) {
        this.parentId = value;
    }

    public void setTitle(String value) {
        this.title = value;
    }

    public void setContent(String value) {
        this.content = value;
    }

    public void setPageVariable(String value) {
        this.pageVariable = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        String url = required(baseUrl, "baseUrl").strip().replaceAll("/+(wiki/*)?$", "");
        AtlassianSite site = AtlassianSite.of(url, required(email, "email"), required(token, "token"), KAMELET);
        ConfluencePage page = new ConfluencePage(
                ConfluencePage.number(required(spaceId, "spaceId"), "spaceId", camel),
                ConfluencePage.number(optional(parentId), "parentId", camel),
                TextTemplate.of(required(title, "title"), Escaping.HEADER, camel),
                RichText.of(required(content, "content"), camel));
        String variable = optional(pageVariable);
        return new Wanted(site, page, variable == null ? "confluencePage" : variable.strip());
    }

    @Override
    protected Started open(Wanted wanted, CamelContext camel) throws Exception {
        return new Started(
                wanted,
                VendorApi.open(camel, "Confluence", new AtlassianRules("Confluence")),
                Sinks.of(camel).clock());
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.wanted().site().account(KAMELET));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        AtlassianSite site = running.wanted().site();
        ObjectNode page = running.wanted().page().compose(exchange);
        VendorAnswer answer = running.confluence().send(site.signed(VendorRequest.json("POST", site.at(PAGES), page)));
        if (isTitleTaken(answer) && found(running, exchange)) {
            return;
        }
        Optional<StepFailure> failure = new AtlassianRules("Confluence").failure(answer, running.clock());
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (answer.json().path("id").asText().isEmpty()) {
            throw StepFailure.ofBody(
                    StepFailure.Kind.UNSURE,
                    "Confluence answered " + answer.status() + " without the page's id",
                    answer.status(),
                    null,
                    answer.text());
        }
        tell(running, exchange, answer.json(), answer.json().path("_links").path("base"));
    }

    /** "A page with this title already exists: A page already exists with the same TITLE in this space". */
    private static boolean isTitleTaken(VendorAnswer answer) {
        String text = answer.text().toLowerCase(Locale.ROOT);
        return answer.status() == BAD_REQUEST && text.contains("title") && text.contains("already exists");
    }

    @Override
    protected boolean canLook() {
        return true;
    }

    @Override
    protected Look look(Started running, Exchange exchange, LookRequest request) {
        return found(running, exchange) ? new Look.Found() : new Look.Absent();
    }

    private static boolean found(Started running, Exchange exchange) {
        AtlassianSite site = running.wanted().site();
        String title = running.wanted().page().titleOf(exchange);
        String url = site.at(PAGES) + "?space-id=" + running.wanted().page().spaceOf(exchange) + "&title="
                + Escaping.URL.escape(title) + "&limit=1";
        JsonNode answer =
                running.confluence().call(site.signed(VendorRequest.get(url))).json();
        if (!answer.path("results").isArray()) {
            throw StepFailure.passing("Confluence answered a search without results", null);
        }
        JsonNode page = answer.path("results").path(0);
        if (!page.path("title").asText().equalsIgnoreCase(title)) {
            return false;
        }
        tell(running, exchange, page, answer.path("_links").path("base"));
        return true;
    }

    /** Sets the variable for the steps that follow. */
    private static void tell(Started running, Exchange exchange, JsonNode page, JsonNode base) {
        String id = page.path("id").asText();
        String start = base.asText().isEmpty() ? running.wanted().site().at("/wiki") : base.asText();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("key", id);
        told.put("id", id);
        told.put("url", start + page.path("_links").path("webui").asText("/pages/" + id));
        exchange.setVariable(running.wanted().variable(), told);
    }
}

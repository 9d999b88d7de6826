package dev.caravan.sink.notion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.Rate;
import dev.caravan.sink.RichText;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.Sinks;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.WhenUnsure;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code notion-page-sink}: one page in a data source, a database or below a page
 * (developers.notion.com/reference/post-page).
 *
 * <p>Notion drops no request that comes twice. A page in a data source or database therefore carries the delivery's key in
 * a property, which is looked for before a retry of an unsure attempt; a page below a page has no property for it.
 */
public final class NotionPageSink extends SinkBean<NotionPageSink.Page, NotionPageSink.Started> {
    private static final String KAMELET = "notion-page-sink";
    private static final Rate STATED = new Rate(3, Duration.ofSeconds(1));
    /** For how long a page may not be found although it is there; Notion promises nothing of it. */
    private static final Duration LAG = Duration.ofSeconds(30);

    private static final String NO_PROPERTY = "none";
    /** Bytes; a request may have 500 KB (developers.notion.com/reference/request-limits). */
    private static final int LARGEST = 490_000;

    private @Nullable String token;
    private @Nullable String baseUrl;
    private @Nullable String dataSourceId;
    private @Nullable String databaseId;
    private @Nullable String pageId;
    private @Nullable String title;
    private @Nullable String titleProperty;
    private @Nullable String properties;
    private @Nullable String idProperty;
    private @Nullable String content;

    /**
     * What the step says.
     *
     * @param id the property that holds the delivery's key; null for none
     */
    record Page(
            NotionApi notion,
            NotionParent parent,
            TextTemplate title,
            String titleProperty,
            NotionProperties properties,
            @Nullable String id,
            @Nullable RichText content) {}

    /** What it holds while it runs. */
    record Started(Page page, VendorApi api, Clock clock) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public NotionPageSink() {
        super(KAMELET);
    }

    public void setToken(String value) {
        this.token = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setDataSourceId(String value) {
        this.dataSourceId = value;
    }

    public void setDatabaseId(String value) {
        this.databaseId = value;
    }

    public void setPageId(String value) {
        this.pageId = value;
    }

    public void setTitle(String value) {
        this.title = value;
    }

    public void setTitleProperty(String value) {
        this.titleProperty = value;
    }

    public void setProperties(String value) {
        this.properties = value;
    }

    public void setIdProperty(String value) {
        this.idProperty = value;
    }

    public void setContent(String value) {
        this.content = value;
    }

    @Override
    protected Page read(CamelContext camel) {
        NotionApi notion = new NotionApi(
                VendorAddress.of(optional(baseUrl), NotionApi.OWN_ADDRESS),
                required(token, "token").strip());
        NotionParent parent = NotionParent.of(optional(dataSourceId), optional(databaseId), optional(pageId));
        NotionProperties named =
                new NotionProperties(FieldTemplates.of(optional(properties), KAMELET, "properties", camel));
        if (!parent.hasProperties() && !named.fields().isEmpty()) {
            throw new IllegalArgumentException(
                    "notion-page-sink can set no properties below a page: remove the parameter properties or pageId");
        }
        String text = optional(content);
        return new Page(
                notion,
                parent,
                TextTemplate.of(required(title, "title").strip(), Escaping.TEXT, camel),
                parent.hasProperties() ? name(titleProperty, "Name") : "title",
                named,
                id(parent, named),
                text == null ? null : RichText.of(text, camel));
    }

    private static String name(@Nullable String coded, String usual) {
        String given = optional(coded);
        return given == null ? usual : given.strip();
    }

    private @Nullable String id(NotionParent parent, NotionProperties named) {
        String property = name(idProperty, "Event ID");
        if (!parent.hasProperties() || property.equals(NO_PROPERTY)) {
            return null;
        }
        if (named.has(property)) {
            throw new IllegalArgumentException("The property " + property
                    + " is what notion-page-sink finds its pages by: remove it from properties, or name another as"
                    + " idProperty");
        }
        return property;
    }

    @Override
    protected Started open(Page page, CamelContext camel) throws Exception {
        return new Started(
                page,
                VendorApi.open(camel, NotionApi.VENDOR, NotionApi::failure),
                Sinks.of(camel).clock());
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        NotionApi notion = running.page().notion();
        return Optional.of(notion.address().account(kamelet(), notion.token(), Optional.of(STATED), "notion.com", 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        running.api().call(running.page().notion().post("/v1/pages", body(running.page(), exchange)));
    }

    /** Within what one request takes: of a content that is too long beside the properties, the end is left out. */
    private static ObjectNode body(Page page, Exchange exchange) {
        ObjectNode body = body(page, exchange, NotionBlocks.LONGEST);
        for (int longest = NotionBlocks.LONGEST / 2; isTooLarge(body) && longest > 1_000; longest /= 2) {
            body = body(page, exchange, longest);
        }
        return body;
    }

    private static boolean isTooLarge(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8).length > LARGEST;
    }

    private static ObjectNode body(Page page, Exchange exchange, int longest) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("parent", page.parent().json());
        ObjectNode values = body.putObject("properties");
        String words = page.title().render(exchange).replaceAll("\\s+", " ").strip();
        values.putObject(page.titleProperty()).set("title", NotionText.plain(TextLimit.cut(words, NotionText.ITEM)));
        page.properties().addTo(values, exchange);
        if (page.id() != null) {
            values.putObject(page.id()).set("rich_text", NotionText.plain(DeliveryKey.hash(exchange)));
        }
        if (page.content() != null) {
            body.set("children", NotionBlocks.of(page.content().render(exchange), longest));
        }
        return body;
    }

    @Override
    protected boolean canLook() {
        return true;
    }

    /** Where the page carries no key, the step's own choice decides. */
    @Override
    protected Look look(Started running, Exchange exchange, LookRequest request) {
        String property = running.page().id();
        if (property == null) {
            return whenUnsure() == WhenUnsure.SKIP ? new Look.Found() : new Look.Absent();
        }
        if (isThere(running, property, DeliveryKey.hash(exchange))) {
            return new Look.Found();
        }
        Duration left =
                LAG.minus(Duration.between(request.doubtSince(), running.clock().instant()));
        return left.isNegative() || left.isZero() ? new Look.Absent() : new Look.TooEarly(left);
    }

    private static boolean isThere(Started running, String property, String key) {
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        query.putObject("filter")
                .put("property", property)
                .putObject("rich_text")
                .put("equals", key);
        query.put("page_size", 1);
        NotionApi notion = running.page().notion();
        String path = "/v1/data_sources/" + dataSource(running) + "/query";
        JsonNode results = running.api().call(notion.post(path, query)).json().path("results");
        if (!results.isArray()) {
            throw StepFailure.passing("Notion answered a query without results", null);
        }
        return !results.isEmpty();
    }

    /** A database's first source: pages made in a database go to its only one. */
    private static String dataSource(Started running) {
        Page page = running.page();
        if (page.parent().kind() == NotionParent.Kind.DATA_SOURCE) {
            return page.parent().id();
        }
        JsonNode database = running.api()
                .call(page.notion().get("/v1/databases/" + page.parent().id()))
                .json();
        String id = database.at("/data_sources/0/id").asText();
        if (id.isEmpty()) {
            throw StepFailure.permanent("Notion shows no data source of the database: give dataSourceId instead");
        }
        return VendorAddress.segment(id, "databaseId");
    }
}

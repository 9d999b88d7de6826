package dev.caravan.sink.airtable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.Rate;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.TextLimit;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorAnswer;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code airtable-record-sink}: one record, made or, where one with its key is there, updated
 * (airtable.com/developers/web/api/update-multiple-records, performUpsert). The same request twice leaves one record.
 */
public final class AirtableRecordSink extends SinkBean<AirtableRecordSink.Row, AirtableRecordSink.Started> {
    private static final String VENDOR = "Airtable";
    /** For each base (support.airtable.com, managing API call limits). */
    private static final Rate STATED = new Rate(5, Duration.ofSeconds(1));
    /** After a 429, as the same page says; there is no Retry-After. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private static final int LONGEST = 100_000;
    private static final Pattern BASE = Pattern.compile("app[A-Za-z0-9]{3,}");

    private @Nullable String token;
    private @Nullable String baseUrl;
    private @Nullable String baseId;
    private @Nullable String table;
    private @Nullable String key;
    private @Nullable String keyValue;
    private @Nullable String fields;

    /**
     * What the step says.
     *
     * @param url the table's
     * @param keyValue null for the delivery's key
     */
    record Row(
            String url,
            String token,
            Account account,
            String key,
            @Nullable TextTemplate keyValue,
            FieldTemplates fields) {}

    /** What it holds while it runs. */
    record Started(Row row, VendorApi api) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    public AirtableRecordSink() {
        super("airtable-record-sink");
    }

    public void setToken(String value) {
        this.token = value;
    }

    public void setBaseUrl(String value) {
        this.baseUrl = value;
    }

    public void setBaseId(String value) {
        this.baseId = value;
    }

    public void setTable(String value) {
        this.table = value;
    }

    public void setKey(String value) {
        this.key = value;
    }

    public void setKeyValue(String value) {
        this.keyValue = value;
    }

    public void setFields(String value) {
        this.fields = value;
    }

    @Override
    protected Row read(CamelContext camel) {
        VendorAddress address = VendorAddress.of(optional(baseUrl), "https://api.airtable.com");
        String secret = required(token, "token").strip();
        String base = base();
        FieldTemplates named = FieldTemplates.of(required(fields, "fields"), kamelet(), "fields", camel);
        String given = optional(key);
        String merge = given == null ? "Event ID" : given.strip();
        if (named.names().contains(merge)) {
            throw new IllegalArgumentException("The field " + merge
                    + " is the key of airtable-record-sink: remove it from fields and give its value as keyValue");
        }
        String value = optional(keyValue);
        return new Row(
                address.at("/v0/" + base + "/"
                        + VendorAddress.segment(required(table, "table").strip(), "table")),
                secret,
                address.account(kamelet(), base, Optional.of(STATED), "airtable.com", 1),
                merge,
                value == null ? null : TextTemplate.of(value.strip(), Escaping.TEXT, camel),
                named);
    }

    private String base() {
        String base = required(baseId, "baseId").strip();
        if (!BASE.matcher(base).matches()) {
            throw new IllegalArgumentException(
                    "The parameter baseId is " + base + ": give the app… of the base's link");
        }
        return base;
    }

    @Override
    protected Started open(Row row, CamelContext camel) throws Exception {
        return new Started(row, VendorApi.open(camel, VENDOR, AirtableRecordSink::failure));
    }

    private static Optional<StepFailure> failure(VendorAnswer answer, Clock clock) {
        if (answer.isSuccess()) {
            return Optional.empty();
        }
        StepFailure byStatus = VendorRules.statusFailure(VENDOR, answer, clock);
        return Optional.of(
                answer.status() == 429
                        ? StepFailure.limited(
                                VENDOR + " answered 429",
                                429,
                                byStatus.retryAfter().orElse(PAUSE),
                                answer.text())
                        : byStatus);
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.row().account());
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Row row = running.row();
        running.api()
                .call(VendorRequest.json("PATCH", row.url(), body(row, exchange))
                        .bearer(row.token()));
    }

    private static ObjectNode body(Row row, Exchange exchange) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("performUpsert").putArray("fieldsToMergeOn").add(row.key());
        body.put("typecast", true);
        ObjectNode cells = body.putArray("records").addObject().putObject("fields");
        cells.put(row.key(), keyOf(row, exchange));
        row.fields().rowWithLists(exchange).forEach((name, value) -> {
            if (value instanceof List<?> list) {
                cells.set(name, array(list));
            } else {
                cells.putPOJO(name, value instanceof String text ? TextLimit.cut(text, LONGEST) : value);
            }
        });
        return body;
    }

    private static ArrayNode array(List<?> list) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        list.forEach(value -> array.addPOJO(value instanceof Boolean ? value.toString() : value));
        return array;
    }

    private static String keyOf(Row row, Exchange exchange) {
        TextTemplate template = row.keyValue();
        if (template == null) {
            return DeliveryKey.hash(exchange);
        }
        String value = template.render(exchange).strip();
        if (value.isEmpty()) {
            throw StepFailure.permanent(
                    "The parameter keyValue of airtable-record-sink is empty for this event: mend it");
        }
        return TextLimit.cut(value, LONGEST);
    }
}

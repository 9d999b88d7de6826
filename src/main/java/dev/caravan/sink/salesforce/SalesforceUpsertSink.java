package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.Look;
import dev.caravan.sink.LookRequest;
import dev.caravan.sink.TextTemplate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code salesforce-upsert-sink}: creates or updates the record of any object that has an external id
 * (developer.salesforce.com, dome_upsert). A repeat changes nothing.
 */
public final class SalesforceUpsertSink extends SalesforceSink<SalesforceUpsertSink.Target> {
    /** An external id field holds 255 characters at most. */
    private static final int LONGEST_ID = 255;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private @Nullable String object;
    private @Nullable String externalIdField;
    private @Nullable String externalId;
    private @Nullable String fields;

    /** What the step says of the record. */
    record Target(String object, String externalIdField, TextTemplate externalId, FieldTemplates fields) {}

    public SalesforceUpsertSink() {
        super("salesforce-upsert-sink");
    }

    @Override
    Target own(CamelContext camel) {
        String idField = name(required(externalIdField, "externalIdField").strip(), "externalIdField");
        FieldTemplates values = fields(required(fields, "fields"), "fields", camel);
        if (values.names().stream().anyMatch(idField::equalsIgnoreCase)) {
            throw new IllegalArgumentException("The parameter fields of " + kamelet() + " holds " + idField
                    + ", whose value is the parameter externalId: leave it out");
        }
        TextTemplate id = TextTemplate.of(required(externalId, "externalId").strip(), Escaping.HEADER, camel);
        return new Target(name(required(object, "object").strip(), "object"), idField, id, values);
    }

    @Override
    protected void deliver(Started<Target> running, Exchange exchange) throws InterruptedException {
        Target target = running.own();
        String id = target.externalId().render(exchange).strip();
        if (id.isEmpty() || id.length() > LONGEST_ID || id.equals(".") || id.equals("..")) {
            throw StepFailure.permanent(
                    kamelet()
                            + ": the external id of this event is empty, longer than 255 characters or dots only: check the parameter externalId");
        }
        ObjectNode values = JSON.valueToTree(target.fields().row(exchange));
        if (values.isEmpty()) {
            throw StepFailure.permanent(kamelet() + ": none of the fields has a value: check the parameter fields");
        }
        running.client().upsert(target.object(), target.externalIdField(), id, values);
    }

    /** To repeat an upsert changes nothing. */
    @Override
    protected Look look(Started<Target> running, Exchange exchange, LookRequest request) {
        return new Look.Absent();
    }

    public void setObject(String value) {
        this.object = value;
    }

    public void setExternalIdField(String value) {
        this.externalIdField = value;
    }

    public void setExternalId(String value) {
        this.externalId = value;
    }

    public void setFields(String value) {
        this.fields = value;
    }
}

package dev.caravan.sink.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;

/** The requests to HubSpot's CRM that steps make (developers.hubspot.com, CRM v3 and v4). Thread-safe. */
final class HubspotApi implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** What one batch reads. */
    private static final int BATCH = 100;
    /** Of 500 notes each; no record is looked through further. */
    private static final int MOST_PAGES = 20;

    private final VendorApi api;
    private final String base;
    private final String token;

    private HubspotApi(VendorApi api, HubspotAccount account) {
        this.api = api;
        this.base = account.address().at("/crm/");
        this.token = account.token();
    }

    static HubspotApi open(HubspotAccount account, CamelContext camel) throws Exception {
        return new HubspotApi(VendorApi.open(camel, "HubSpot", new HubspotRules()), account);
    }

    /**
     * Creates or updates the one record with a value of a unique property.
     *
     * @param properties at least one
     * @return the record's id
     */
    String upsert(HubspotObject object, String idProperty, String id, Map<String, String> properties) {
        ObjectNode request = JSON.createObjectNode();
        ObjectNode input = request.putArray("inputs")
                .addObject()
                .put("idProperty", idProperty)
                .put("id", id);
        input.set("properties", JSON.valueToTree(properties));
        JsonNode answer = api.call(json("POST", "v3/objects/" + object.plural() + "/batch/upsert", request))
                .json();
        String recordId = answer.path("results").path(0).path("id").asText();
        if (recordId.isEmpty()) {
            throw StepFailure.unsure("The answer of HubSpot names no record", null);
        }
        return recordId;
    }

    /** Updates the record with an id. */
    void update(HubspotObject object, String id, Map<String, String> properties) {
        ObjectNode request = JSON.createObjectNode();
        request.set("properties", JSON.valueToTree(properties));
        api.call(json("PATCH", "v3/objects/" + object.plural() + "/" + id, request));
    }

    /** Adds a note to a record. */
    void note(HubspotObject object, String id, long atMillis, String html) {
        ObjectNode request = JSON.createObjectNode();
        request.putObject("properties")
                .put("hs_timestamp", Long.toString(atMillis))
                .put("hs_note_body", html);
        ObjectNode association = request.putArray("associations").addObject();
        association.putObject("to").put("id", id);
        association
                .putArray("types")
                .addObject()
                .put("associationCategory", "HUBSPOT_DEFINED")
                .put("associationTypeId", object.noteAssociation());
        api.call(json("POST", "v3/objects/notes", request));
    }

    /**
     * Reads a record.
     *
     * @param query {@code idProperty}, {@code properties}, {@code associations}
     * @return empty if there is none
     */
    Optional<JsonNode> read(HubspotObject object, String id, Map<String, String> query) {
        StringBuilder url = new StringBuilder("v3/objects/" + object.plural() + "/" + Escaping.URL.escape(id));
        char separator = '?';
        for (Map.Entry<String, String> parameter : new TreeMap<>(query).entrySet()) {
            url.append(separator).append(parameter.getKey()).append('=');
            url.append(Escaping.URL.escape(parameter.getValue()));
            separator = '&';
        }
        return asked(get(url.toString()));
    }

    /** Whether one of the record's newest 100 notes holds a text. */
    boolean hasNote(HubspotObject object, String id, String text) {
        List<Long> newest = notes(object, id).stream()
                .sorted((one, other) -> Long.compare(other, one))
                .limit(BATCH)
                .toList();
        if (newest.isEmpty()) {
            return false;
        }
        ObjectNode request = JSON.createObjectNode();
        request.putArray("properties").add("hs_note_body");
        request.putArray("propertiesWithHistory");
        ArrayNode inputs = request.putArray("inputs");
        newest.forEach(note -> inputs.addObject().put("id", note.toString()));
        JsonNode notes =
                asked(json("POST", "v3/objects/notes/batch/read", request)).orElseGet(JSON::createObjectNode);
        return notes.path("results").findValuesAsText("hs_note_body").stream().anyMatch(body -> body.contains(text));
    }

    /** The ids of the record's notes, of all pages: HubSpot promises no order of them. */
    private List<Long> notes(HubspotObject object, String id) {
        String path = "v4/objects/" + object.plural() + "/" + id + "/associations/notes?limit=500";
        List<Long> notes = new ArrayList<>();
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            Optional<JsonNode> answer =
                    asked(get(path + (after.isEmpty() ? "" : "&after=" + Escaping.URL.escape(after))));
            if (answer.isEmpty()) {
                return notes;
            }
            JsonNode results = answer.get().path("results");
            if (!results.isArray()) {
                throw StepFailure.passing("HubSpot did not tell which notes the record has", null);
            }
            results.forEach(one -> notes.add(one.path("toObjectId").asLong()));
            after = answer.get().at("/paging/next/after").asText();
            if (after.isEmpty()) {
                return notes;
            }
        }
        return notes;
    }

    /** The answer to a request that changes nothing, whose failure therefore is never unsure; empty for 404. */
    private Optional<JsonNode> asked(VendorRequest request) {
        try {
            return Optional.of(api.call(request).json());
        } catch (StepFailure failure) {
            if (failure.httpStatus() == 404) {
                return Optional.empty();
            }
            throw failure.kind() != Kind.UNSURE
                    ? failure
                    : StepFailure.ofBody(
                            Kind.PASSING,
                            String.valueOf(failure.getMessage()),
                            failure.httpStatus(),
                            failure.retryAfter().orElse(null),
                            failure.responseExcerpt().orElse(null));
        }
    }

    private VendorRequest json(String method, String path, ObjectNode body) {
        return VendorRequest.json(method, base + path, body).bearer(token);
    }

    private VendorRequest get(String path) {
        return VendorRequest.get(base + path).bearer(token);
    }

    @Override
    public void close() {
        api.close();
    }
}

package dev.caravan.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import java.util.ArrayList;
import java.util.List;

/** A Salesforce that knows one contact, with an account, under every address; and what was written to it. */
final class SalesforceContact {
    private static final String INSTANCE = "demo.my.salesforce.com";
    private static final String FOUND = """
            {"totalSize":1,"done":true,"records":[{"attributes":{"type":"Contact"},"Id":"003000000000001AAA",\
            "OwnerId":"005000000000001AAA","AccountId":"001000000000001AAA",\
            "Account":{"attributes":{"type":"Account"},"OwnerId":"005000000000002AAA"}}]}""";

    private final Vendors vendors;

    SalesforceContact(Vendors vendors) {
        this.vendors = vendors;
        vendors.server.stubFor(
                Vendors.request("GET", INSTANCE, "/services/data/[^/]*/query.*").willReturn(WireMock.okJson(FOUND)));
    }

    /** From now on no contact has any address. */
    void knowsNobody() {
        vendors.server.stubFor(Vendors.request("GET", INSTANCE, "/services/data/[^/]*/query.*")
                .willReturn(WireMock.okJson("{\"totalSize\":0,\"done\":true,\"records\":[]}")));
    }

    /** The bodies with which records of such an object were written, in all composite requests. */
    List<JsonNode> written(String object) {
        List<JsonNode> bodies = new ArrayList<>();
        for (JsonNode composite : vendors.bodies(INSTANCE, "/services/data/[^/]*/composite/?")) {
            for (JsonNode part : composite.path("compositeRequest")) {
                if (part.path("url").asText().contains("/sobjects/" + object + "/")) {
                    bodies.add(part.path("body"));
                }
            }
        }
        return bodies;
    }

    /** The bodies with which a record was written by an external id, {@code FIELD/VALUE}. */
    List<JsonNode> upserts(String object, String externalId) {
        return vendors.bodies(INSTANCE, "/services/data/[^/]*/sobjects/" + object + "/" + externalId);
    }

    boolean wasAsked() {
        return !vendors.requests(INSTANCE).isEmpty();
    }
}

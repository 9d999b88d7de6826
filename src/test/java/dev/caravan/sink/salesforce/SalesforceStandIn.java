package dev.caravan.sink.salesforce;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An organisation that behaves as SINK-CONTRACTS.md says of Salesforce. */
final class SalesforceStandIn implements AutoCloseable {
    static final String TOKEN = "/services/oauth2/token";
    static final String QUERY = "/services/data/v67.0/query/";
    static final String COMPOSITE = "/services/data/v67.0/composite";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final WireMockServer server = SinkRoutes.standIn();
    private int logins;

    SalesforceStandIn(String label, String... literals) {
        server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404).withBody("[]")));
        server.stubFor(get(urlPathEqualTo("/services/oauth2/revoke")).willReturn(ok()));
        nextLogin();
        finds();
        server.stubFor(patch(urlPathMatching("/services/data/v67.0/sobjects/.*"))
                .willReturn(aResponse()
                        .withStatus(201)
                        .withBody("{\"id\":\"a01000000000001AAA\",\"success\":true,\"created\":true,\"errors\":[]}")));
        OutboundRecorder.record(server, "salesforce", label, literals);
    }

    String url() {
        return server.baseUrl();
    }

    /** Each login gives another token. */
    void nextLogin() {
        logins++;
        server.stubFor(post(urlPathEqualTo(TOKEN)).willReturn(okJson("""
                {"access_token":"00D000000000000!token%d","signature":"c2ln","scope":"api","instance_url":"%s",
                "id":"https://login.salesforce.com/id/00D000000000000AAA/005000000000000AAA","token_type":"Bearer","issued_at":"1"}""".formatted(logins, server.baseUrl()))));
    }

    static String contact(String id) {
        return """
                {"attributes":{"type":"Contact","url":"/services/data/v67.0/sobjects/Contact/%s"},"Id":"%s","OwnerId":"005000000000001AAA",
                "AccountId":"001000000000001AAA","Account":{"attributes":{"type":"Account"},"OwnerId":"005000000000002AAA"}}""".formatted(id, id);
    }

    /** Queries find these records. */
    void finds(String... records) {
        server.stubFor(get(urlPathEqualTo(QUERY))
                .willReturn(okJson("{\"totalSize\":%d,\"done\":true,\"records\":[%s]}"
                        .formatted(records.length, String.join(",", records)))));
    }

    /** A Composite request of so many parts succeeds. */
    void does(int parts) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray("compositeResponse");
        for (int part = 0; part < parts; part++) {
            results.addObject()
                    .put("httpStatusCode", 204)
                    .put("referenceId", "part" + part)
                    .putNull("body");
        }
        answers(okJson(answer.toString()));
    }

    void answers(ResponseDefinitionBuilder answer) {
        server.stubFor(post(urlPathEqualTo(COMPOSITE)).willReturn(answer));
    }

    List<LoggedRequest> requests(String path) {
        return server.getAllServeEvents().stream()
                .map(event -> event.getRequest())
                .filter(request -> request.getUrl().split("\\?", 2)[0].equals(path))
                .toList();
    }

    /** The newest request to Composite. */
    JsonNode composite() throws Exception {
        return JSON.readTree(requests(COMPOSITE).get(0).getBodyAsString());
    }

    /** The newest query. */
    String soql() {
        String url = requests(QUERY).get(0).getUrl();
        return URLDecoder.decode(url.substring(url.indexOf("q=") + 2), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop();
    }
}

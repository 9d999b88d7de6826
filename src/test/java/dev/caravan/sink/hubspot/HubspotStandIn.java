package dev.caravan.sink.hubspot;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.OutboundRecorder;
import dev.caravan.sink.SinkRoutes;
import java.util.List;

/** A HubSpot account that behaves as SINK-CONTRACTS.md says. */
final class HubspotStandIn implements AutoCloseable {
    static final String NOTES = "/crm/v3/objects/notes";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The beginning of {@link Hostile#MERGE_TAGS}, which HTML leaves as it is. */
    private static final String MERGE_TAGS = "*|FNAME|* {{name}} {% raw %} %recipient.name%";

    final WireMockServer server = SinkRoutes.standIn();

    HubspotStandIn(String label) {
        server.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(404)
                        .withBody("{\"status\":\"error\",\"category\":\"OBJECT_NOT_FOUND\"}")));
        OutboundRecorder.record(server, "hubspot", label, Hostile.SIMPLE, Hostile.PLACEHOLDER, MERGE_TAGS);
    }

    String url() {
        return server.baseUrl();
    }

    void answers(String method, String path, ResponseDefinitionBuilder answer) {
        server.stubFor(request(method, urlPathEqualTo(path)).willReturn(answer));
    }

    void answers(String method, String path, int status, String json) {
        answers(
                method,
                path,
                aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "application/json")
                        .withBody(json));
    }

    /** What a GET with this query parameter is answered. */
    void answers(String method, String path, String parameter, String value, String json) {
        server.stubFor(request(method, urlPathEqualTo(path))
                .withQueryParam(parameter, equalTo(value))
                .willReturn(okJson(json)));
    }

    /** A batch upsert gives this id, and notes are taken. */
    void takes(String upsertPath, String id) {
        answers(
                "POST",
                upsertPath,
                200,
                "{\"status\":\"COMPLETE\",\"results\":[{\"id\":\"" + id + "\",\"new\":true,\"properties\":{}}]}");
        answers("POST", NOTES, 201, "{\"id\":\"9001\",\"properties\":{}}");
    }

    /** The requests of a path, newest first. */
    List<LoggedRequest> requests(String path) {
        return server.getAllServeEvents().stream()
                .map(event -> event.getRequest())
                .filter(request -> request.getUrl().split("\\?", 2)[0].equals(path))
                .toList();
    }

    JsonNode newest(String path) throws Exception {
        return JSON.readTree(requests(path).get(0).getBodyAsString());
    }

    @Override
    public void close() {
        server.stop();
    }
}

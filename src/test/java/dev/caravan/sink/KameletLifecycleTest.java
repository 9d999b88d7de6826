package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.junit.jupiter.api.Test;

/** What a Kamelet of ours holds goes with the route that used it. */
class KameletLifecycleTest {
    private static final String ROUTE = """
            - route:
                id: told
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: download
                        uri: kamelet:download-json-action
                        parameters: {url: "${body[url]}"}
                    - to:
                        id: message
                        uri: kamelet:slack-message-sink
                        parameters: {token: xoxb-1234567890-1234567890-test, channel: C1, text: Hello}
            """;

    private static void remove(SinkRoutes routes) throws Exception {
        for (String id : List.of("told", "told-download", "told-message")) {
            routes.camel.getRouteController().stopRoute(id);
            routes.camel.removeRoute(id);
        }
        for (Endpoint endpoint : List.copyOf(routes.camel.getEndpoints())) {
            if (endpoint instanceof KameletEndpoint) {
                routes.camel.removeEndpoint(endpoint);
            }
        }
    }

    @Test
    void reloadingARouteLeavesNoThreadBehind() throws Exception {
        WireMockServer standIn = SinkRoutes.standIn();
        standIn.stubFor(any(anyUrl()).willReturn(okJson("{\"ok\":true,\"team_id\":\"T1\"}")));
        DownloadRules rules = new DownloadRules(
                List.of("files.example"), List.of(), DownloadRules.DEFAULT_MAX_BYTES, Duration.ofSeconds(5));
        Sinks sinks = new Sinks(
                SinkRoutes.CLOCK, Destinations.capturedAt(standIn.port()), rules, statement -> true, Budgets.none());
        try (SinkRoutes routes = new SinkRoutes(sinks)) {
            int before = 0;
            for (int round = 0; round < 60; round++) {
                routes.load(ROUTE);
                assertThat(routes.event(Map.of("url", "https://files.example/t"))
                                .getException())
                        .isNull();
                remove(routes);
                if (round == 10) {
                    before = Thread.activeCount();
                }
            }
            assertThat(routes.camel.getRoutes()).isEmpty();
            assertThat(Thread.activeCount()).isLessThan(before + 20);
        } finally {
            standIn.stop();
        }
    }
}

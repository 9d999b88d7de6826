package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DestinationsTest {
    private final WireMockServer capture = SinkRoutes.standIn();

    @BeforeEach
    void start() {
        capture.stubFor(any(anyUrl()).willReturn(okJson("{\"ok\":true}")));
    }

    @AfterEach
    void stop() {
        capture.stop();
    }

    private SinkRoutes captured() {
        DownloadRules rules = new DownloadRules(
                List.of("files.example"), List.of(), DownloadRules.DEFAULT_MAX_BYTES, Duration.ofSeconds(5));
        return new SinkRoutes(new Sinks(
                SinkRoutes.CLOCK, Destinations.capturedAt(capture.port()), rules, statement -> true, Budgets.none()));
    }

    @Test
    void aRealAddressStaysAsItIs() {
        assertThat(Destinations.real().of("https://a.example/x?y=1")).isEqualTo("https://a.example/x?y=1");
        assertThatThrownBy(() -> Destinations.real().of("ftp://secret.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aCapturedOneKeepsSchemeHostPathAndQuery() {
        assertThat(Destinations.capturedAt(9).of("https://a.example:8443/x%20y?z=1&b=+"))
                .isEqualTo("http://127.0.0.1:9/~/https/a.example:8443/x%20y?z=1&b=+");
        assertThat(Destinations.capturedAt(9).of("http://a.example")).isEqualTo("http://127.0.0.1:9/~/http/a.example");
    }

    @Test
    void whateverARouteCallsIsCaptured() throws Exception {
        try (SinkRoutes routes = captured().load("""
                        - route:
                            id: all
                            from:
                              uri: direct:in
                              steps:
                                - to:
                                    id: download
                                    uri: kamelet:download-json-action
                                    parameters:
                                      url: https://files.example/t.json
                                - to:
                                    id: forward
                                    uri: kamelet:http-forward-sink
                                    parameters:
                                      url: https://hooks.example/a?b=c
                                - to:
                                    id: slack
                                    uri: kamelet:slack-message-sink
                                    parameters:
                                      webhookUrl: https://hooks.slack.com/services/T0/B0/X
                                      text: Hello
                                - setBody:
                                    id: text
                                    constant: hello
                                - to:
                                    id: plain
                                    uri: https://api.example:8443/v1/x
                                    parameters:
                                      httpMethod: POST
                                      y: 1
                                - toD:
                                    id: dynamic
                                    uri: http://other.example/v2
                        """)) {
            assertThat(routes.event(Map.of("a", 1)).getException()).isNull();
        }
        assertThat(capture.findAll(anyRequestedFor(anyUrl())))
                .extracting(LoggedRequest::getUrl)
                .containsExactlyInAnyOrder(
                        "/~/https/files.example/t.json",
                        "/~/https/hooks.example/a?b=c",
                        "/~/https/hooks.slack.com/services/T0/B0/X",
                        "/~/https/api.example:8443/v1/x?y=1",
                        "/~/http/other.example/v2");
    }
}

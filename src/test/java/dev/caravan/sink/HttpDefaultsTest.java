package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** camel-http in a route of a user's own. */
class HttpDefaultsTest {
    private static final String ROUTE = """
            - route:
                id: plain
                from:
                  uri: direct:in
                  steps:
                    - setBody: {id: text, constant: hello}
                    - setHeader: {id: key, name: Authorization, constant: Bearer of-the-author}
                    - to: {id: first, uri: BASE/first}
                    - setBody: {id: again, constant: again}
                    - to: {id: second, uri: BASE/second}
            """;

    private final WireMockServer standIn = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(ok()));
        routes.load(ROUTE.replace("BASE", standIn.baseUrl()));
    }

    @AfterEach
    void stop() {
        routes.close();
        standIn.stop();
    }

    private List<LoggedRequest> requests() {
        return standIn.findAll(anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aRefusedPostIsNotRepeated(int status) {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withHeader("Retry-After", "2")));
        Exchange exchange = routes.event(Map.of());
        assertThat(requests()).hasSize(1);
        StepFailure failure = new FailureClassifier(SinkRoutes.CLOCK).classify(exchange.getException());
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PASSING);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(failure.getMessage()).doesNotContain(standIn.baseUrl());
    }

    @Test
    void aRedirectIsNotFollowed() {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(307).withHeader("Location", "/elsewhere")));
        assertThat(routes.event(Map.of()).getException()).isNotNull();
        assertThat(requests()).hasSize(1);
    }

    @Test
    void whatOneServerAnsweredIsNotSentToTheNext() {
        standIn.stubFor(any(urlEqualTo("/first"))
                .willReturn(ok().withHeader("Set-Cookie", "a=b")
                        .withHeader("X-Secret", "s")
                        .withHeader("ETag", "e")));
        assertThat(routes.event(Map.of()).getException()).isNull();
        LoggedRequest second = requests().get(requests().get(0).getUrl().equals("/second") ? 0 : 1);
        assertThat(second.getUrl()).isEqualTo("/second");
        assertThat(second.getHeader("Authorization")).isEqualTo("Bearer of-the-author");
        assertThat(second.getHeaders().keys())
                .extracting(String::toLowerCase)
                .doesNotContain("cookie", "set-cookie", "x-secret", "etag", "server");
    }
}

package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VendorApiTest {
    private final WireMockServer standIn = SinkRoutes.standIn();
    private final SinkRoutes routes = SinkRoutes.sending();

    @AfterEach
    void stop() {
        routes.close();
        standIn.stop();
    }

    private VendorApi api() throws Exception {
        return VendorApi.open(routes.camel, "Acme", VendorRules.byStatus("Acme"));
    }

    private VendorRequest request() {
        return VendorRequest.json("PATCH", standIn.url("/a%2Fb?q=x%26y"), JsonNodeFactory.instance.textNode("é😀"))
                .bearer("token")
                .with("X-One", "1");
    }

    @Test
    void aRequestArrivesAsItWasBuilt() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(okJson("{\"a\":\"ü\"}").withHeader("X-Left", "3")));
        try (VendorApi api = api()) {
            VendorAnswer answer = api.call(request());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("a").asText()).isEqualTo("ü");
        }
        LoggedRequest sent = standIn.findAll(anyRequestedFor(anyUrl())).get(0);
        assertThat(sent.getMethod().getName()).isEqualTo("PATCH");
        assertThat(sent.getUrl()).isEqualTo("/a%2Fb?q=x%26y");
        assertThat(sent.getHeader("Authorization")).isEqualTo("Bearer token");
        assertThat(sent.getHeader("X-One")).isEqualTo("1");
        assertThat(sent.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(sent.getBodyAsString()).isEqualTo("\"é😀\"");
    }

    @Test
    void aFormIsEncodedAndAGetHasNoBody() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(okJson("{}")));
        try (VendorApi api = api()) {
            api.call(VendorRequest.form(standIn.url("/form"), Map.of("a b", "c&d=é")));
            api.call(VendorRequest.get(standIn.url("/get")));
        }
        assertThat(standIn.findAll(anyRequestedFor(anyUrl())))
                .extracting(LoggedRequest::getBodyAsString)
                .containsExactly("a+b=c%26d%3D%C3%A9", "");
    }

    @Test
    void aRefusalIsReadFromStatusHeadersAndBody() throws Exception {
        standIn.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(429)
                        .withHeader("Retry-After", "7")
                        .withHeader("X-RateLimit-Reset", "12")
                        .withBody("slow down")));
        try (VendorApi api = api()) {
            VendorAnswer answer = api.send(request());
            assertThat(answer.header("x-ratelimit-reset")).contains("12");
            StepFailure failure = catchThrowableOfType(StepFailure.class, () -> api.call(request()));
            assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PASSING);
            assertThat(failure.isLimited()).isTrue();
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(failure.responseExcerpt()).contains("slow down");
        }
        assertThat(standIn.findAll(anyRequestedFor(anyUrl()))).hasSize(2);
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        try (VendorApi api = api()) {
            assertThat(catchThrowableOfType(StepFailure.class, () -> api.call(request()))
                            .kind())
                    .isEqualTo(StepFailure.Kind.UNSURE);
            VendorRequest request = request();
            standIn.stop();
            assertThat(catchThrowableOfType(StepFailure.class, () -> api.call(request))
                            .kind())
                    .isEqualTo(StepFailure.Kind.PASSING);
        }
    }

    @Test
    void closingOneLeavesTheOthersOpen() throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(okJson("{}")));
        try (VendorApi stays = api()) {
            api().close();
            assertThat(stays.call(request()).status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoWebAddressIsRefused() throws Exception {
        try (VendorApi api = api()) {
            StepFailure failure =
                    catchThrowableOfType(StepFailure.class, () -> api.call(VendorRequest.get("file:///etc/passwd")));
            assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
            assertThat(failure).hasMessageContaining("baseUrl").hasMessageNotContaining("passwd");
        }
    }
}

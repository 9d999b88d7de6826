package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class KojiForwardRouteTest {
    private static final String ID = "koji-forward";
    private static final String ZAPIER = "hooks.zapier.com";
    private static final String CATCH = "/hooks/catch/1000/abc/";

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji-forward", "${body}", "{{env:PATH}}");

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start(String... more) throws Exception {
        return ShippedRoutes.start(
                directory, Vendors.with(new String[] {"koji.forward.url = " + vendors.url(ZAPIER) + CATCH}, more));
    }

    @Test
    void everyEventGoesOnAsItCame() throws Exception {
        try (ShippedRoutes shipped = start()) {
            byte[] odd =
                    "{\"type\":\"report.generated\", \"data\":{\"report_id\":\"r\",\"x\":\"${body} {{env:PATH}} 😀 <!channel>\"}}\r\n"
                            .getBytes(StandardCharsets.UTF_8);
            String id = shipped.send("koji", odd);
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            LoggedRequest request = vendors.requests(ZAPIER).get(0);
            assertThat(request.getUrl()).endsWith(CATCH);
            assertThat(request.getBody()).isEqualTo(odd);
            assertThat(request.getHeader("X-Event-Id")).isEqualTo(id);
            assertThat(request.getHeader("Idempotency-Key")).startsWith("msg_" + id);
            assertThat(request.getHeader("Authorization")).isNull();
            assertThat(request.getHeader("webhook-signature")).isNull();

            shipped.send("koji", sample("koji", "study.published"));
            assertThat(vendors.requests(ZAPIER)).hasSize(2);
        }
    }

    @Test
    void theEventsCanBeChosenAndTheRequestSigned() throws Exception {
        try (ShippedRoutes shipped = start(
                "koji.forward.events = interview.completed,report.*",
                "koji.forward.secret = whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "koji.forward.authorization = Bearer n8n-token")) {
            String other = shipped.send("koji", sample("koji", "study.published"));
            assertThat(shipped.deliveries(other))
                    .noneMatch(delivery -> delivery.automation().equals(ID));
            shipped.send("koji", sample("koji", "interview.completed"));
            LoggedRequest request = vendors.requests(ZAPIER).get(0);
            assertThat(vendors.requests(ZAPIER)).hasSize(1);
            assertThat(request.getHeader("Authorization")).isEqualTo("Bearer n8n-token");
            assertThat(request.getHeader("webhook-signature")).startsWith("v1,");
        }
    }

    @Test
    void aReceiverThatIsDownGetsTheEventLaterUnderTheSameKey() throws Exception {
        vendors.server.stubFor(Vendors.request("POST", ZAPIER, ".*")
                .inScenario("down")
                .whenScenarioStateIs("Started")
                .willSetStateTo("up")
                .willReturn(WireMock.aResponse().withStatus(503)));
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", sample("koji", "interview.completed"));
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.SUCCEEDED);
            assertThat(vendors.requests(ZAPIER))
                    .extracting(request -> request.getHeader("Idempotency-Key"))
                    .hasSize(2)
                    .containsOnly(vendors.requests(ZAPIER).get(0).getHeader("Idempotency-Key"));
        }
    }

    @Test
    void withoutAnAddressItIsOffAndNamesTheKey() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.OFF);
            assertThat(state.missingKeys()).isEqualTo(List.of("koji.forward.url"));
        }
    }
}

package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.caravan.delivery.StepFailure;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An account that was refused for its limit is not asked again before the vendor's time. */
class RefusedAccountTest {
    private static final String ROUTE = """
            - route:
                id: ROUTEID
                from:
                  uri: direct:ROUTEID
                  steps:
                    - to:
                        id: step
                        uri: kamelet:KAMELET
                        parameters:
                          baseUrl: BASE
                          email: EMAIL
                          token: x
                          apiKey: x
                          project: X
                          summary: x
                          spaceId: "1"
                          teamId: 9cfb482a-81e3-4154-b5b9-2c805e70a02d
                          title: x
                          content: x
            """;

    private final WireMockServer vendor = SinkRoutes.standIn();
    private final SinkRoutes routes =
            new SinkRoutes(Sinks.inService(SinkRoutes.CLOCK, DownloadRules.none(), Budgets.of(Map.of(), () -> 1)));

    @AfterEach
    void stop() {
        routes.close();
        vendor.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "jira-issue-sink, 429, apiKey spaceId teamId title content",
        "confluence-page-sink, 429, apiKey project summary teamId",
        "linear-issue-sink, 400, email token project summary spaceId content"
    })
    void itWaitsInEveryRoute(String kamelet, int status, String not) throws Exception {
        vendor.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Retry-After", "60")
                        .withBody("{\"errors\":[{\"extensions\":{\"type\":\"ratelimited\"}}]}")));
        String route = ROUTE.replace("KAMELET", kamelet)
                .replace("BASE", vendor.baseUrl())
                .replace("EMAIL", "a@b.example");
        for (String parameter : not.split(" ", -1)) {
            route = route.replaceAll("(?m)^ *" + parameter + ": .*\n", "");
        }
        routes.load(route.replace("direct:ROUTEID", "direct:in").replace("ROUTEID", "first"));
        StepFailure limited = routes.event(Map.of()).getException(StepFailure.class);
        assertThat(limited.isLimited()).isTrue();
        assertThat(routes.event(Map.of()).getException()).isInstanceOf(BudgetSpent.class);

        routes.load(route.replace("ROUTEID", "second"));
        assertThat(routes.camel
                        .createProducerTemplate()
                        .request("direct:second", exchange -> exchange.getIn().setBody(Map.of()))
                        .getException())
                .isInstanceOf(BudgetSpent.class);
        assertThat(vendor.findAll(anyRequestedFor(anyUrl()))).hasSize(1);
    }
}

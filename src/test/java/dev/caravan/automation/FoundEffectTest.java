package dev.caravan.automation;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.DownloadRules;
import dev.caravan.sink.HttpDefaults;
import dev.caravan.sink.Sinks;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step whose answer was lost, and whose sink finds what it has made. */
class FoundEffectTest {
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    @TempDir
    private Path base;

    private final WireMockServer linear =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().globalTemplating(true));
    private DurableFixture fixture;

    @BeforeEach
    void open() throws Exception {
        linear.start();
        fixture = new DurableFixture(base);
        Sinks sinks = Sinks.inService(Clock.systemUTC(), DownloadRules.none(), Budgets.none());
        fixture.context.getRegistry().bind("sinks", sinks);
        HttpDefaults.apply(fixture.context, sinks.destinations());
    }

    @AfterEach
    void close() {
        fixture.close();
        linear.stop();
    }

    @Test
    void whatItFindsIsToldToTheStepsAfterItInEveryAttempt() throws Exception {
        linear.stubFor(post(urlEqualTo("/graphql"))
                .withRequestBody(containing("\"mutation"))
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        linear.stubFor(post(urlEqualTo("/graphql"))
                .withRequestBody(containing("\"query("))
                .willReturn(okJson("{\"data\":{\"issue\":{\"id\":\"{{jsonPath request.body '$.variables.id'}}\","
                        + "\"identifier\":\"ENG-7\",\"url\":\"https://linear.app/x/issue/ENG-7\"}}}")));
        fixture.step("after", exchange -> {});
        fixture.fails("after=made ENG-7", 1)
                .start(DurableFixture.route("""
                        - to:
                            id: issue
                            uri: kamelet:linear-issue-sink
                            parameters:
                              apiKey: lin_api_0123456789
                              baseUrl: %s
                              teamId: 9cfb482a-81e3-4154-b5b9-2c805e70a02d
                              title: Look
                        - setBody:
                            simple: "made ${variable.linearIssue[key]}"
                        - process: {id: after, ref: after}
                        """.formatted(linear.baseUrl())))
                .send("{}")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("after=made ENG-7", "after=made ENG-7");
        assertThat(fixture.messages()).contains("not now. Step issue was unsure after attempt 1 and was found done.");
        List<String> ids = linear.findAll(anyRequestedFor(anyUrl())).stream()
                .sorted(Comparator.comparing(LoggedRequest::getLoggedDate))
                .map(request -> id(request.getBodyAsString()))
                .toList();
        assertThat(ids).hasSize(2).containsOnly(ids.get(0));
    }

    private static String id(String body) {
        Matcher found = ID.matcher(body);
        return found.find() ? found.group(1) : "";
    }
}

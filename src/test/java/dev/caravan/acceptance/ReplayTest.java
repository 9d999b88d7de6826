package dev.caravan.acceptance;

import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.inbox.DeliveryState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replays and backfills as their destinations see them, asked for over the API. */
@Timeout(60)
class ReplayTest {
    private static final String TWO_STEPS = """
            - route:
                id: two
                from:
                  uri: inbox:koji
                  steps:
                    - to:
                        id: message
                        uri: kamelet:slack-message-sink
                        parameters:
                          webhookUrl: "{{slack.research.webhook-url}}"
                          text: "Done: ${body[data][interview_id]}"
                    - to:
                        id: forward
                        uri: kamelet:http-forward-sink
                        parameters:
                          url: "%s/hook"
                          secret: whsec_aHVzaA==
            """;

    private final WireMockServer web =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().stubCorsEnabled(false));

    @TempDir
    private Path directory;

    private Workplace place;

    @BeforeEach
    void prepare() {
        web.start();
        web.stubFor(post("/hook").willReturn(WireMock.ok()));
        place = new Workplace(directory);
    }

    @AfterEach
    void close() {
        place.close();
        web.stop();
    }

    private Answer replay(String request) {
        return place.management().post("/api/v1/replay", request, "Content-Type", "application/json");
    }

    private List<LoggedRequest> forwarded() {
        return web.findAll(postRequestedFor(urlPathEqualTo("/hook")));
    }

    private List<String> forwarded(String header) {
        return forwarded().stream().map(request -> request.getHeader(header)).toList();
    }

    @Test
    void aDeliveryThatSucceededReachesItsDestinationAgainUnderAnotherId() {
        place.route("two", TWO_STEPS.formatted(web.baseUrl())).start();
        place.koji(Vendor.interview("int_1"));
        String id = place.awaitOnly("two", DeliveryState.SUCCEEDED).id();

        Answer plan = replay("{\"delivery\": \"" + id + "\", \"plan\": true}");
        assertThat(plan.json().at("/runs/0/was").asText()).isEqualTo("succeeded");
        assertThat(plan.json().at("/runs/0/steps")).hasSize(2);
        assertThat(place.only("two").state()).as("only planned").isEqualTo(DeliveryState.SUCCEEDED);
        Answer answer = replay("{\"delivery\": \"" + id + "\"}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("replayed").asInt()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(15)).until(() -> forwarded().size() == 2);
        place.awaitSettled();

        assertThat(place.slack().accepted()).hasSize(2);
        assertThat(forwarded("webhook-id")).doesNotHaveDuplicates();
        assertThat(forwarded("Idempotency-Key")).doesNotHaveDuplicates();
        assertThat(forwarded("webhook-id").get(1))
                .isEqualTo(forwarded("webhook-id").get(0) + ".g1");
        assertThat(forwarded("X-Event-Id").get(1))
                .isEqualTo(forwarded("X-Event-Id").get(0));
    }

    @Test
    void aDeadLetterGoesOnAtTheStepThatFailed() {
        web.stubFor(post("/hook").willReturn(WireMock.notFound()));
        place.route("two", TWO_STEPS.formatted(web.baseUrl())).start();
        place.koji(Vendor.interview("int_1"));
        place.awaitOnly("two", DeliveryState.DEAD);
        web.stubFor(post("/hook").willReturn(WireMock.ok()));

        Answer plan = replay("{\"dead\": true, \"plan\": true}");
        assertThat(plan.json().at("/runs/0/fromStep").asText()).isEqualTo("forward");
        assertThat(plan.json().at("/runs/0/keptSteps/0").asText()).isEqualTo("message");
        assertThat(replay("{\"dead\": true, \"automation\": \"two\", \"since\": \"1h\"}")
                        .json()
                        .path("replayed")
                        .asInt())
                .isEqualTo(1);
        place.awaitOnly("two", DeliveryState.SUCCEEDED);

        assertThat(place.slack().accepted()).hasSize(1);
        assertThat(forwarded()).hasSize(2);
        assertThat(forwarded("webhook-id").get(1))
                .isEqualTo(forwarded("webhook-id").get(0));
    }

    @Test
    void aBackfillDeliversExactlyWhatWasMissedOnceThoughItRunsTwice() {
        place.route("first", toSlack("first", "First")).start();
        for (int i = 0; i < 20; i++) {
            place.koji(Vendor.interview("int_" + i));
        }
        place.route("late", toSlack("late", "Late"));
        await().atMost(Duration.ofSeconds(15))
                .until(() -> place.node().automations().stream()
                        .anyMatch(state -> state.id().equals("late") && state.running()));
        place.koji(Vendor.interview("int_20"));

        String request = "{\"automation\": \"late\", \"since\": \"1d\"}";
        assertThat(replay(request).json().path("replayed").asInt()).isEqualTo(20);
        assertThat(replay(request).json().path("replayed").asInt()).isZero();
        place.awaitSettled();

        assertThat(place.deliveries("late")).hasSize(21);
        assertThat(place.slack().accepted())
                .filteredOn(text -> text.startsWith("Late"))
                .hasSize(21)
                .doesNotHaveDuplicates();
        assertThat(place.slack().accepted())
                .filteredOn(text -> text.startsWith("First"))
                .hasSize(21);
    }

    @Test
    void whatCannotBeReplayedIsAnsweredWithTheReason() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        place.slack().answer(text -> {
            TerminationTest.awaitLatch(hold);
            return SlackStandIn.OK;
        });
        place.route("tell", toSlack("tell", "Done")).start();
        place.koji(Vendor.interview("int_1"));
        String id = place.awaitOnly("tell", DeliveryState.RUNNING).id();

        Answer refused = place.management()
                .post("/api/v1/deliveries/" + id + "/replay", "{}", "Content-Type", "application/json");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("error").asText()).contains(id, "runs right now");
        Answer none = replay("{\"delivery\": \"" + id + "\"}");
        assertThat(none.json().path("replayed").asInt()).isZero();
        hold.countDown();
        place.awaitSettled();

        assertThat(replay("{\"delivery\": \"dlv_none\"}").status()).isEqualTo(404);
        assertThat(replay("{\"automation\": \"nobody\", \"since\": \"1d\"}").status())
                .isEqualTo(404);
        for (String wrong : List.of(
                "",
                "[]",
                "{",
                "{}",
                "{\"dead\": 1}",
                "{\"dead\": false}",
                "{\"ded\": true}",
                "{\"dead\": true, \"since\": \"soon\"}",
                "{\"dead\": true, \"next\": \"9\"}")) {
            Answer answer = replay(wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(400);
            assertThat(answer.json().path("error").asText()).as(wrong).isNotEmpty();
        }
        assertThat(place.slack().accepted()).hasSize(1);
    }
}

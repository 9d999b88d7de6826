package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.acceptance.SlackStandIn.Reply;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A burst at a destination that takes only so much at once. */
@Timeout(120)
class RateTest {
    private static final int EVENTS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Workplace place;
    private final AtomicInteger refused = new AtomicInteger();

    @BeforeEach
    void prepare() {
        place = new Workplace(directory);
    }

    @AfterEach
    void close() {
        place.close();
    }

    /** Takes so many in any second and refuses the others. */
    private void limit(int most) {
        Deque<Long> taken = new ArrayDeque<>();
        place.slack().answer(text -> {
            if (!text.contains("Limited")) {
                return SlackStandIn.OK;
            }
            long now = System.nanoTime();
            synchronized (taken) {
                taken.removeIf(at -> now - at > 1_000_000_000L);
                if (taken.size() >= most) {
                    refused.incrementAndGet();
                    return new Reply(429, "rate_limited", Map.of("Retry-After", "1"));
                }
                taken.add(now);
                return SlackStandIn.OK;
            }
        });
    }

    private long succeeded(String automation) {
        return place.deliveries(automation).stream()
                .filter(delivery -> delivery.state() == DeliveryState.SUCCEEDED)
                .count();
    }

    private void burst() {
        for (int n = 0; n < EVENTS; n++) {
            place.koji(Vendor.interview("int_" + n));
        }
    }

    @Test
    void aBurstKeepsTheConfiguredRateAndHoldsNobodyElseUp() {
        limit(25);
        place.set("caravan.sink.slack.rate", "20/s")
                .set("other.webhook-url", place.slack().webhookUrl() + "other")
                .route("tell", toSlack("tell", "Limited", "retry: 1h"))
                .route("other", toSlack("other", "Free").replace("slack.research", "other"))
                .start();

        burst();

        await().atMost(PATIENCE).until(() -> succeeded("tell") == EVENTS);
        assertThat(refused).hasValue(0);
        assertThat(place.slack().accepted().stream()
                        .filter(text -> text.contains("Limited"))
                        .distinct())
                .hasSize(EVENTS);
    }

    @Test
    void aDestinationThatWaitsHoldsNoOtherUp() {
        limit(5);
        place.set("caravan.sink.slack-message-sink.rate", "1/m")
                .set("other.url", place.slack().webhookUrl() + "other")
                .route("tell", toSlack("tell", "Limited", "retry: 1h"))
                .route("choose", """
                        - route:
                            id: choose
                            from:
                              uri: inbox:koji
                              parameters:
                                concurrency: 2
                              steps:
                                - choice:
                                    id: which
                                    when:
                                      - simple: "${body[data][interview_id]} == 'int_199'"
                                        steps:
                                          - to:
                                              id: elsewhere
                                              uri: kamelet:slack-message-sink
                                              parameters:
                                                webhookUrl: "{{other.url}}"
                                                text: "Free ${body[data][interview_id]}"
                                    otherwise:
                                      steps:
                                        - to:
                                            id: message
                                            uri: kamelet:slack-message-sink
                                            parameters:
                                              webhookUrl: "{{slack.research.webhook-url}}"
                                              text: "Limited too ${body[data][interview_id]}"
                        """)
                .start();

        burst();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> succeeded("choose") >= 1
                        && place.slack().accepted().stream().anyMatch(text -> text.contains("Free int_199")));
        DeliverySummary waiting = place.deliveries("choose").stream()
                .filter(delivery -> delivery.state() == DeliveryState.RETRYING)
                .findFirst()
                .orElseThrow();
        Settlement.Attempt attempt = place.inbox().attemptsOf(waiting.id()).get(0);
        assertThat(attempt.outcome()).isEqualTo(Settlement.Outcome.THROTTLED);
        assertThat(attempt.message().orElseThrow())
                .isEqualTo("The step waits for its turn: slack takes no more requests at once.");
        assertThat(attempt.step()).contains("message");
    }

    @Test
    void whatADestinationRefusesLowersItsRateAndNothingIsLost() {
        limit(20);
        place.set("caravan.delivery.retry", "100ms,1s,1s,1s,1s,1s,1s,1s")
                .route("tell", toSlack("tell", "Limited"))
                .start();

        burst();

        await().atMost(PATIENCE).until(() -> succeeded("tell") == EVENTS);
        assertThat(refused.get()).isBetween(1, EVENTS);
    }
}

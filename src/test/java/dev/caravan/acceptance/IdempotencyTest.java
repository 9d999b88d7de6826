package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.acceptance.SlackStandIn.Reply;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code idempotentConsumer} over the bean {@code idempotency}: one message per study, whatever fails. */
@Timeout(60)
class IdempotencyTest {
    private static final String ONCE = """
            - route:
                id: once
                from:
                  uri: inbox:koji
                  parameters:
                    retry: %s
                  steps:
                    - idempotentConsumer:
                        id: once-per-study
                        idempotentRepository: "#idempotency"
                        simple: "${body[data][study_id]}"
                        steps:
                          - to:
                              id: message
                              uri: kamelet:slack-message-sink
                              parameters:
                                webhookUrl: "{{slack.research.webhook-url}}"
                                text: "${body[data][study_id]}"
            """;

    @TempDir
    private Path directory;

    private Workplace place;

    @BeforeEach
    void prepare() {
        place = new Workplace(directory);
    }

    @AfterEach
    void close() {
        place.close();
    }

    private String koji(int interview, String study) {
        Answer answer = place.koji(Vendor.interview("int_" + interview, study, "Alex"));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().path("id").asText();
    }

    private DeliverySummary deliveryOf(String event) {
        return place.inbox().deliveriesOf(event).get(0);
    }

    private void awaitState(String event, DeliveryState state) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(deliveryOf(event).state()).isEqualTo(state));
    }

    private void failFirst(int times) {
        AtomicInteger count = new AtomicInteger();
        place.slack().answer(text -> count.getAndIncrement() < times ? Reply.of(500) : SlackStandIn.OK);
    }

    @Test
    void thereIsOneMessagePerKeyAlsoAcrossARestart() {
        place.route("once", ONCE.formatted("50ms")).start();
        for (int i = 0; i < 12; i++) {
            koji(i, "study_" + i % 2);
        }
        place.awaitSettled();
        place.stop();
        place.start();
        koji(12, "study_0");
        koji(13, "study_2");
        place.awaitSettled();

        assertThat(place.slack().asked()).containsExactlyInAnyOrder("study_0", "study_1", "study_2");
        assertThat(place.deliveries("once")).hasSize(14).allMatch(d -> d.state() == DeliveryState.SUCCEEDED);
    }

    @Test
    void aRetryOfTheDeliveryThatHasTheKeyEntersAgain() {
        failFirst(2);
        place.route("once", ONCE.formatted("100ms,100ms")).start();
        awaitState(koji(1, "study_1"), DeliveryState.SUCCEEDED);
        assertThat(place.slack().accepted()).containsExactly("study_1");
    }

    @Test
    void anotherDeliveryWaitsAndPassesByOnceTheFirstSucceeded() {
        failFirst(1);
        place.route("once", ONCE.formatted("1500ms")).start();
        String first = koji(1, "study_1");
        awaitState(first, DeliveryState.RETRYING);
        String second = koji(2, "study_1");
        awaitState(first, DeliveryState.SUCCEEDED);
        assertThat(deliveryOf(second).state()).as("it waits").isNotEqualTo(DeliveryState.SUCCEEDED);
        awaitState(second, DeliveryState.SUCCEEDED);

        assertThat(place.slack().accepted()).containsExactly("study_1");
        assertThat(deliveryOf(second).failures()).as("waiting is no failure").isZero();
        assertThat(deliveryOf(second).attempts()).isEqualTo(1);
    }

    @Test
    void anotherDeliveryTakesTheKeyOverWhenTheFirstIsDead() {
        failFirst(2);
        place.route("once", ONCE.formatted("1s")).start();
        String first = koji(1, "study_1");
        awaitState(first, DeliveryState.RETRYING);
        String second = koji(2, "study_1");
        awaitState(first, DeliveryState.DEAD);
        awaitState(second, DeliveryState.SUCCEEDED);
        assertThat(place.slack().accepted()).containsExactly("study_1");
    }

    @Test
    void aStepBeforeTheKeyIsNotRepeatedWhileItsDeliveryWaitsForTheKey() {
        AtomicInteger refused = new AtomicInteger();
        place.slack()
                .answer(text ->
                        text.equals("study_1") && refused.getAndIncrement() < 1 ? Reply.of(500) : SlackStandIn.OK);
        place.route("once", ONCE.formatted("3s").replace("- idempotentConsumer:", """
                - to:
                            id: before
                            uri: kamelet:slack-message-sink
                            parameters:
                              webhookUrl: "{{slack.research.webhook-url}}"
                              text: "before ${body[data][interview_id]}"
                        - idempotentConsumer:"""))
                .start();
        awaitState(koji(1, "study_1"), DeliveryState.RETRYING);
        String second = koji(2, "study_1");
        awaitState(second, DeliveryState.SUCCEEDED);

        assertThat(place.slack().asked())
                .containsExactlyInAnyOrder("before int_1", "study_1", "before int_2", "study_1");
    }
}

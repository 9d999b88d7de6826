package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is removed of a person, and what stays, whatever database holds the inbox. */
@Timeout(60)
abstract class ForgetContract extends KeptInbox {
    private static final PersonalValue ANN = person("/data/email", "ann@example.com");

    private static PersonalValue person(String pointer, String value) {
        return new PersonalValue(JsonPointer.compile(pointer), value, Optional.empty());
    }

    private static String payload(String email) {
        return "{\"event\":\"interview.completed\",\"data\":{\"email\":\"" + email + "\",\"n\":7}}";
    }

    private ForgetCount forget(PersonalValue person) throws InterruptedException {
        return inbox.forget().person(person);
    }

    private boolean hasPayload(String event) {
        return inbox.reader().event(event).orElseThrow().hasPayload();
    }

    private void refuse(String body) {
        inbox.quarantine()
                .keep(new Refusal(
                        "koji",
                        Refusal.Kind.UNVERIFIED,
                        "The signature does not match.",
                        CLOCK.instant(),
                        "192.0.2.7",
                        "POST",
                        "/webhooks/koji",
                        Map.of(),
                        body.getBytes(StandardCharsets.UTF_8)))
                .join();
    }

    @Test
    void thePayloadsOfOnePersonGoAndThoseOfOthersStay() throws InterruptedException {
        subscribe("tell");
        String ann = store("k1", payload("ann@example.com")).eventId();
        String annDelivery = settle("tell", DeliveryState.DEAD);
        String bob = store("k2", payload("bob@example.com")).eventId();
        String bobDelivery = settle("tell", DeliveryState.DEAD);

        assertThat(forget(ANN))
                .as("the event, and the one that tells of its dead delivery")
                .isEqualTo(new ForgetCount(2, 1, 0, 0, 0));

        assertThat(hasPayload(ann)).isFalse();
        assertThat(inbox.reader().event(ann).orElseThrow().headers()).isEmpty();
        assertThat(inbox.reader().eventSummary(ann).orElseThrow().removedAt()).isPresent();
        Settlement.Attempt of = inbox.reader().attemptsOf(annDelivery).get(0);
        assertThat(of.message()).isEmpty();
        assertThat(of.responseExcerpt()).isEmpty();
        assertThat(of.httpStatus()).contains(500);
        assertThat(hasPayload(bob)).isTrue();
        assertThat(inbox.reader().attemptsOf(bobDelivery).get(0).message()).isPresent();
        assertThat(forget(ANN).isNothing()).isTrue();
    }

    @Test
    void thePlanCountsTheSameAndRemovesNothing() throws InterruptedException {
        subscribe("tell");
        String ann = store("k1", payload("ann@example.com")).eventId();
        settle("tell", DeliveryState.SUCCEEDED);
        store("k2", payload("ann@example.com"));
        store("k3", payload("bob@example.com"));
        refuse(payload("ann@example.com"));

        ForgetCount plan = inbox.reader().forgettable(ANN);

        assertThat(plan).isEqualTo(new ForgetCount(2, 2, 1, 1, 0));
        assertThat(hasPayload(ann)).isTrue();
        assertThat(forget(ANN)).isEqualTo(plan);
    }

    @Test
    void aVendorsRetryIsStillADuplicate() throws InterruptedException {
        String event = store("k1", payload("ann@example.com")).eventId();
        forget(ANN);

        assertThat(store("k1", payload("ann@example.com"))).isEqualTo(new Stored(event, true));

        assertThat(hasPayload(event)).isFalse();
        assertThat(inbox.reader().eventSummary(event).orElseThrow().differing()).isZero();
    }

    @Test
    void aKeyThatHoldsTheValueIsKnownByItsDigestOnly() throws InterruptedException {
        String event = store("16:interview.completed15:ann@example.com", payload("ann@example.com"))
                .eventId();
        inbox.addKey("tell", "mail ann@example.com", "dlv_gone").join();

        forget(ANN);

        assertThat(inbox.reader().eventSummary(event).orElseThrow().idempotencyKey())
                .startsWith("sha256:");
        assertThat(value("SELECT count(*) FROM idempotency WHERE key LIKE '%ann%'"))
                .isEqualTo("0");
        assertThat(store("16:interview.completed15:ann@example.com", payload("ann@example.com")))
                .isEqualTo(new Stored(event, true));
        assertThat(inbox.hasKey("tell", "mail ann@example.com").join()).isTrue();
        assertThat(inbox.addKey("tell", "mail ann@example.com", "dlv_other").join())
                .isEqualTo(KeyAnswer.duplicate());
    }

    @Test
    void openDeliveriesAreDiscardedAndTheirStepsGo() throws InterruptedException {
        subscribe("tell");
        subscribe("write");
        store("k1", payload("ann@example.com"));
        Claimed claimed = inbox.claim("tell", 1).join().claimed().get(0);
        inbox.recordStep(
                        claimed,
                        new StepRecord("message", StepRecord.Kind.FINISHED, "{\"body\":\"ann@example.com\"}", 1))
                .join();
        settle(claimed, DeliveryState.RETRYING);

        assertThat(forget(ANN)).isEqualTo(new ForgetCount(1, 2, 2, 0, 0));

        assertThat(inbox.reader().deliveryCounts()).isEqualTo(Map.of(DeliveryState.DISCARDED, 2L));
        assertThat(inbox.reader().steps(claimed.deliveryId())).isEmpty();
        assertThat(inbox.claim("write", 10).join().claimed()).isEmpty();
    }

    @Test
    void aReplayOfAForgottenEventRunsNothing() throws InterruptedException {
        subscribe("tell");
        store("k1", payload("ann@example.com"));
        String delivery = settle("tell", DeliveryState.DEAD);
        forget(ANN);

        inbox.replays().run(ReplaySelection.delivery(delivery), Definition.Lookup.NONE, Optional.empty());

        assertThat(inbox.claim("tell", 10).join().claimed()).isEmpty();
        assertThat(inbox.reader().delivery(delivery).orElseThrow().state()).isNotEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void aDeliveryThatRunsIsWaitedFor() throws Exception {
        subscribe("tell");
        String event = store("k1", payload("ann@example.com")).eventId();
        Claimed running = inbox.claim("tell", 1).join().claimed().get(0);
        store("k2", payload("ann@example.com"));
        CompletableFuture<ForgetCount> forgetting = CompletableFuture.supplyAsync(() -> {
            try {
                return forget(ANN);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> inbox.reader().deliveryCounts().containsKey(DeliveryState.DISCARDED));
        assertThat(hasPayload(event)).isTrue();

        settle(running, DeliveryState.SUCCEEDED);

        assertThat(forgetting.get(20, TimeUnit.SECONDS)).isEqualTo(new ForgetCount(2, 2, 1, 0, 0));
        assertThat(inbox.reader().attemptsOf(running.deliveryId()).get(0).message())
                .isEmpty();
    }

    @Test
    void numbersAreComparedByTheirAmountAndTextsExactly() throws InterruptedException {
        String number = store("k1", "{\"data\":{\"id\":4711}}").eventId();
        String decimal = store("k2", "{\"data\":{\"id\":4711.0}}").eventId();
        String text = store("k3", "{\"data\":{\"id\":\"4711\"}}").eventId();
        String longer = store("k4", "{\"data\":{\"id\":\"47110\"}}").eventId();
        String elsewhere = store("k5", "{\"data\":{\"other\":4711}}").eventId();
        String nothing = store("k6", "{\"data\":{\"id\":null}}").eventId();

        assertThat(forget(person("/data/id", "4711")).events()).isEqualTo(3);

        assertThat(List.of(number, decimal, text)).noneMatch(this::hasPayload);
        assertThat(List.of(longer, elsewhere, nothing)).allMatch(this::hasPayload);
    }

    @Test
    void aValueIsFoundHoweverThePayloadWritesIt() throws InterruptedException {
        String escaped = store("k1", "{\"data\":{\"email\":\"zo\\u00eb\\/x\"}}").eventId();
        String form = store("k2", "payload=zo%C3%AB%2Fx&b=1").eventId();

        assertThat(forget(person("/data/email", "zoë/x")).events()).isEqualTo(2);

        assertThat(List.of(escaped, form)).noneMatch(this::hasPayload);
    }

    @Test
    void onlyTheNamedSourceLosesPayloads() throws InterruptedException {
        String koji = store("k1", payload("ann@example.com")).eventId();
        String kejue = inbox.store(List.of(arrival("kejue", "k1", payload("ann@example.com"))))
                .join()
                .get(0)
                .eventId();

        forget(new PersonalValue(JsonPointer.compile("/data/email"), "ann@example.com", Optional.of("kejue")));

        assertThat(hasPayload(koji)).isTrue();
        assertThat(hasPayload(kejue)).isFalse();
    }

    @Test
    void aSystemEventThatHoldsThePayloadGoesToo() throws InterruptedException {
        String told = "{\"type\":\"delivery.dead\",\"data\":{\"event_source\":\"koji\",\"payload\":"
                + payload("ann@example.com") + "}}";
        String system = inbox.store(List.of(arrival("caravan", "dlv_1", told)))
                .join()
                .get(0)
                .eventId();

        assertThat(forget(new PersonalValue(ANN.pointer(), ANN.value(), Optional.of("kejue")))
                        .isNothing())
                .isTrue();
        assertThat(forget(new PersonalValue(ANN.pointer(), ANN.value(), Optional.of("koji")))
                        .events())
                .isEqualTo(1);
        assertThat(hasPayload(system)).isFalse();
    }

    @Test
    void quarantinedRequestsGoWhetherOrNotTheyAreJson() throws InterruptedException {
        refuse(payload("ann@example.com"));
        refuse("name=Ann&email=ann%40example.com");
        refuse("[{\"data\":{\"email\":\"ann@example.com\"}}]");
        refuse(payload("bob@example.com"));

        assertThat(forget(ANN)).isEqualTo(new ForgetCount(0, 0, 0, 3, 0));

        assertThat(value("SELECT count(*) FROM quarantine")).isEqualTo("1");
        assertThat(value("SELECT entries FROM quarantine_total")).isEqualTo("1");
        assertThat(value("SELECT bytes FROM quarantine_total")).isEqualTo(value("SELECT bytes FROM quarantine"));
    }

    @Test
    void aForgottenEventIsPurgedInItsTime() throws InterruptedException {
        subscribe("tell");
        String event = store("k1", payload("ann@example.com")).eventId();
        forget(ANN);
        age(event, 31);
        Optional<java.time.Duration> month = Optional.of(java.time.Duration.ofDays(30));

        assertThat(inbox.purge().run(new RetentionSettings(month, month, month, month, Optional.empty())))
                .isEqualTo(new Purged(1, 1, 0));

        assertThat(store("k1", payload("ann@example.com")).duplicate()).isTrue();
    }
}

package dev.caravan.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.EventSummary;
import dev.caravan.selftest.Observations.Repetitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The verdict tells each way in which a promise can be broken. */
class TallyTest {
    private static final Repetitions NONE = new Repetitions(0, List.of());

    private final List<Sent> sent = new ArrayList<>(List.of(accepted("evt_1"), accepted("evt_2")));
    private final List<EventSummary> events = new ArrayList<>(List.of(event("evt_1"), event("evt_2")));
    private final List<DeliverySummary> deliveries = new ArrayList<>(List.of(
            delivery("dlv_1", "evt_1", DeliveryState.SUCCEEDED), delivery("dlv_2", "evt_2", DeliveryState.SUCCEEDED)));

    private static Sent accepted(String id) {
        return new Sent("koji", "interview.completed", Optional.of(id), "200", 1, 2_000_000);
    }

    private static EventSummary event(String id) {
        return new EventSummary(
                id,
                "koji",
                "interview.completed",
                Optional.empty(),
                Instant.EPOCH,
                "key-" + id,
                10,
                1,
                0,
                0,
                Optional.empty());
    }

    private static DeliverySummary delivery(String id, String event, DeliveryState state) {
        return new DeliverySummary(
                id,
                event,
                "koji",
                "interview.completed",
                "tell",
                state,
                1,
                0,
                Optional.empty(),
                Instant.EPOCH,
                false,
                0,
                Optional.empty());
    }

    private Tally tally(Repetitions repetitions, Map<String, Integer> successes) {
        return Tally.of(2, sent, new Stored(events, deliveries, successes), repetitions, 2);
    }

    private Tally tally() {
        return tally(NONE, Map.of());
    }

    private void lost(String sentence) {
        assertThat(tally().lost()).containsExactly(sentence);
        assertThat(tally().good()).isFalse();
    }

    private static void doubled(Tally tally, String sentence) {
        assertThat(tally.doubled()).containsExactly(sentence);
        assertThat(tally.good()).isFalse();
    }

    @Test
    void allStoredAndDeliveredOnceIsGood() {
        assertThat(tally().good()).isTrue();
        assertThat(tally().deliveries()).isEqualTo(Map.of(DeliveryState.SUCCEEDED, 2));
        assertThat(tally().p99()).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void anAnsweredEventThatTheInboxHasNotIsLost() {
        events.remove(1);
        deliveries.remove(1);

        lost("evt_2 (koji interview.completed) was answered 200 and is not in the inbox");
    }

    @Test
    void anEventWithoutADeliveryThatItShouldHaveIsLost() {
        deliveries.remove(1);

        lost("evt_2 (koji interview.completed) was wanted by 1 automations and has 0 deliveries");
    }

    @Test
    void aDeliveryThatIsNotSettledIsLost() {
        deliveries.set(1, delivery("dlv_2", "evt_2", DeliveryState.RUNNING));

        lost("dlv_2 (tell for evt_2) is still running");
    }

    @Test
    void twoEventsThatBecameOneAreOneLost() {
        events.remove(1);
        deliveries.remove(1);
        sent.set(1, accepted("evt_1"));

        lost("evt_1 (koji interview.completed) was the answer to two different events");
    }

    @Test
    void anEventThatIsStoredTwiceIsDoubled() {
        events.add(event("evt_3"));
        deliveries.add(delivery("dlv_3", "evt_3", DeliveryState.SUCCEEDED));

        doubled(
                tally(),
                "evt_3 (koji interview.completed) is in the inbox a second time, under another id than was answered");
    }

    @Test
    void aSecondDeliveryOfOneEventToOneAutomationIsDoubled() {
        deliveries.add(delivery("dlv_3", "evt_2", DeliveryState.SUCCEEDED));

        doubled(tally(), "dlv_3 (tell for evt_2) is a second one of the same event and automation");
    }

    @Test
    void aDeliveryThatSucceededTwiceIsDoubled() {
        doubled(tally(NONE, Map.of("dlv_1", 2)), "dlv_1 (tell for evt_1) was done 2 times");
    }

    @Test
    void aFinishedStepThatRanAgainIsDoubledAndAnUnrecordedOneIsNot() {
        Tally tally = tally(new Repetitions(3, List.of("step message again")), Map.of());

        doubled(tally, "A finished step was repeated: step message again");
        assertThat(tally.repeated()).isEqualTo(3);
        assertThat(tally(new Repetitions(3, List.of()), Map.of()).good()).isTrue();
    }

    @Test
    void aRefusedEventIsNeitherLostNorGood() {
        sent.set(1, new Sent("koji", "interview.completed", Optional.empty(), "401 {}", 1, 0));
        events.remove(1);
        deliveries.remove(1);

        assertThat(tally().good()).isFalse();
        assertThat(tally().lost()).isEmpty();
        assertThat(tally().refused()).isEqualTo(Map.of("koji: 401 {}", 1));
    }

    @Test
    void anEventThatWasStoredAndNeverAnsweredIsNoDouble() {
        sent.remove(1);

        assertThat(tally().doubled()).isEmpty();
        assertThat(tally().unanswered()).isEqualTo(1);
    }
}

package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.automation.AutomationState.State;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A user edits route files while the node runs. */
@Timeout(60)
class RouteEditsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    private Path directory;

    private Workplace place;
    private final AtomicInteger interviews = new AtomicInteger();

    @BeforeEach
    void prepare() {
        place = new Workplace(directory);
    }

    @AfterEach
    void close() {
        place.close();
    }

    private Answer koji() {
        Answer answer = place.koji(Vendor.interview("int_" + interviews.incrementAndGet()));
        assertThat(answer.summary()).isEqualTo("200 accepted");
        return answer;
    }

    private void awaitState(String id, State state) {
        await().atMost(PATIENCE).until(() -> place.automation(id).state() == state);
    }

    private List<String> messages(String label) {
        return place.slack().accepted().stream()
                .filter(text -> text.startsWith(label + " "))
                .toList();
    }

    private void awaitMessages(String label, int count) {
        await().atMost(PATIENCE).until(() -> messages(label).size() >= count);
    }

    @Test
    void anEditWhileEventsStreamShowsInTheNextMessagesAndLosesAndDoublesNothing() {
        place.route("tell", toSlack("tell", "v0")).start();
        AtomicBoolean streaming = new AtomicBoolean(true);
        CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> {
            while (streaming.get()) {
                koji();
            }
        });
        awaitMessages("v0", 20);
        for (int version = 1; version <= 6; version++) {
            if (version % 2 == 0) {
                place.route("tell", toSlack("tell", "v" + version));
            } else {
                Workplace.write(place.routeFile("tell"), toSlack("tell", "v" + version));
            }
            awaitMessages("v" + version, 20);
        }
        streaming.set(false);
        stream.join();
        place.awaitSettled();

        int sent = interviews.get();
        List<String> told = place.slack().asked().stream()
                .map(text -> text.substring(text.lastIndexOf(' ') + 1))
                .toList();
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, sent).mapToObj(i -> "int_" + i).toList());
    }

    @Test
    void aBrokenSaveLeavesTheLastGoodVersionRunningAndSaysWhere() {
        place.route("tell", toSlack("tell", "good")).start();
        place.route("tell", toSlack("tell", "bad").replace("kamelet:slack-message-sink", "kamelet:slak-message-sink"));
        awaitState("tell", State.BROKEN);
        assertThat(place.automation("tell").running()).isTrue();
        assertThat(place.automation("tell").origin()).isEqualTo("routes/tell.yaml");
        assertThat(place.automation("tell").reason()).contains("slak-message-sink");
        koji();
        awaitMessages("good", 1);

        place.route("tell", toSlack("tell", "mended"));
        awaitState("tell", State.ON);
        koji();
        awaitMessages("mended", 1);
    }

    @Test
    void deletingARouteEndsItsSubscriptionAndOnlyThat() throws IOException {
        place.route("tell", toSlack("tell", "told")).route("other", toSlack("other", "other"));
        place.start();
        koji();
        awaitMessages("told", 1);
        Files.delete(place.routeFile("tell"));
        awaitState("tell", State.REMOVED);
        String id = koji().json().path("id").asText();
        awaitMessages("other", 2);
        assertThat(place.inbox().deliveriesOf(id))
                .extracting(DeliverySummary::automation)
                .containsExactly("other");

        place.stop();
        place.start();
        assertThat(place.node().automations()).extracting(a -> a.id()).doesNotContain("tell");
        assertThat(place.deliveries("tell")).hasSize(1);
    }

    @Test
    void aRouteDeletedWhileTheNodeWasDownIsUnsubscribedAtTheNextStart() throws IOException {
        place.route("tell", toSlack("tell", "told")).start();
        place.stop();
        Files.delete(place.routeFile("tell"));
        place.start();
        assertThat(place.inbox()
                        .eventSummary(koji().json().path("id").asText())
                        .orElseThrow()
                        .unwanted())
                .isTrue();
    }

    @Test
    void anAutomationWithoutItsSettingIsOffAndNamesItUntilARestartFindsIt() {
        place.route("tell", toSlack("tell", "told").replace("slack.research.webhook-url", "slack.new.webhook-url"))
                .route("other", toSlack("other", "other"))
                .start();
        assertThat(place.automation("tell").state()).isEqualTo(State.OFF);
        assertThat(place.automation("tell").missingKeys()).containsExactly("slack.new.webhook-url");
        koji();
        awaitMessages("other", 1);

        // Settings are read once, at the start.
        place.set("slack.new.webhook-url", place.slack().webhookUrl());
        place.route("tell", toSlack("tell", "again").replace("slack.research.webhook-url", "slack.new.webhook-url"));
        koji();
        awaitMessages("other", 2);
        assertThat(place.automation("tell").state()).isEqualTo(State.OFF);

        place.stop();
        place.start();
        assertThat(place.automation("tell").state()).isEqualTo(State.ON);
        koji();
        awaitMessages("again", 1);
        awaitMessages("other", 3);
        assertThat(messages("again")).as("never on before, so nothing waited").hasSize(1);
    }

    @Test
    void anAutomationThatWasOnKeepsItsEventsWhileItIsBrokenOrOff() {
        place.route("tell", toSlack("tell", "told")).start();
        place.stop();

        place.route("tell", "- route:\n    id: tell\n    from: [\n").start();
        assertThat(place.automation("tell").state()).isEqualTo(State.BROKEN);
        koji();
        assertThat(place.only("tell").state()).isEqualTo(DeliveryState.PENDING);
        place.stop();

        place.route("tell", toSlack("tell", "told"))
                .set("caravan.automation.tell.enabled", "false")
                .start();
        assertThat(place.automation("tell").state()).isEqualTo(State.OFF);
        koji();
        place.stop();

        place.set("caravan.automation.tell.enabled", "true").start();
        awaitMessages("told", 2);
        place.awaitSettled();
        assertThat(place.slack().asked()).hasSize(2);
    }
}

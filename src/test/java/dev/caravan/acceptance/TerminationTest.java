package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.InboxReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the program ends and begins again. */
@Timeout(90)
class TerminationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    @Test
    void sigtermFinishesWhatIsInFlightAndLeavesTheRestToTheNextStart() {
        CountDownLatch hold = new CountDownLatch(1);
        place.slack().answer(text -> {
            awaitLatch(hold);
            return SlackStandIn.OK;
        });
        place.route("tell", toSlack("tell", "Done:").replace("concurrency: 16", "concurrency: 1"));
        try (ChildNode child = ChildNode.start(directory)) {
            for (int i = 0; i < 5; i++) {
                child.web().koji(Vendor.interview("int_" + i));
            }
            await().atMost(PATIENCE).until(() -> place.slack().asked().size() == 1);
            child.terminate();
            await().atMost(PATIENCE).until(() -> isClosedTo(child));
            assertThat(child.isAlive()).as("it waits for what is in flight").isTrue();
            hold.countDown();
            assertThat(child.awaitEnd()).isZero();
        }
        List<DeliveryState> left = states();
        assertThat(left).hasSize(5).contains(DeliveryState.SUCCEEDED);
        assertThat(left).as("finished or untouched").isSubsetOf(DeliveryState.SUCCEEDED, DeliveryState.PENDING);
        assertThat(place.slack().accepted()).hasSize((int)
                left.stream().filter(DeliveryState.SUCCEEDED::equals).count());

        try (ChildNode child = ChildNode.start(directory)) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(states()).containsOnly(DeliveryState.SUCCEEDED));
            assertThat(child.isAlive()).isTrue();
        }
        assertThat(place.slack().accepted()).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aFullDiskIsAnswered503AndLosesNothingThatWasAccepted() {
        String pad = "x".repeat(200_000);
        int accepted = 0;
        int refused = 0;
        // No file of the child's grows beyond 4 MiB.
        try (ChildNode child = ChildNode.start(directory, "sh", "-c", "ulimit -f 8192; exec \"$@\"", "sh")) {
            for (int i = 0; i < 60 && refused < 3; i++) {
                Answer answer = child.web().koji(Vendor.interview("int_" + i, "s", pad));
                assertThat(answer.status()).isIn(200, 503);
                accepted += answer.status() == 200 ? 1 : 0;
                refused += answer.status() == 503 ? 1 : 0;
            }
            assertThat(refused).as("refused after %d were accepted", accepted).isPositive();
            assertThat(child.isAlive()).isTrue();
            child.kill();
        }
        place.start();
        assertThat(place.inbox().eventCount()).isEqualTo(accepted);
        assertThat(place.koji(Vendor.interview("int_60", "s", pad)).summary()).isEqualTo("200 accepted");
    }

    @Test
    void aSecondProcessOnTheSameDataIsRefusedInASentence() {
        place.start();
        try (ChildNode second = ChildNode.begin(directory)) {
            assertThat(second.awaitEnd()).isEqualTo(2);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(second.lines())
                            .singleElement()
                            .asString()
                            .contains("is in use by another Caravan process"));
        }
    }

    private static boolean isClosedTo(ChildNode child) {
        try {
            return child.web().koji(Vendor.interview("int_late")).status() == 503;
        } catch (UncheckedIOException refused) {
            return true;
        }
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<DeliveryState> states() {
        try (InboxReader reader = InboxReader.open(directory.resolve("data"))) {
            return reader.deliveries(Optional.empty(), Optional.empty(), 0).stream()
                    .map(DeliverySummary::state)
                    .toList();
        }
    }
}

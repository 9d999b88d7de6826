package dev.caravan.acceptance;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An event that kills the process each time it is delivered ends as a dead letter, and the others get through. */
@Timeout(600)
class PoisonTest {
    /** Two that might be chance, and one for each wait of the route's schedule and for its end. */
    private static final int KILLS = 5;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @Test
    void theEventThatKillsIsDeadInTheEndAndTheOthersAreDelivered() {
        try (Workplace place = new Workplace(directory)) {
            place.route("tell", Workplace.toSlack("tell", "Done:"));
            place.route("poisoned", """
                    - route:
                        id: poisoned
                        from:
                          uri: inbox:koji
                          parameters:
                            retry: "1s,1s"
                          steps:
                            - process:
                                id: poison
                                ref: "#class:dev.caravan.acceptance.PoisonProcessor"
                    """);
            int kills = 0;
            try (ChildNode first = ChildNode.start(directory)) {
                first.web().koji(Vendor.interview("int_1"));
                sendPoison(first);
                assertThat(first.awaitEnd()).isEqualTo(PoisonProcessor.KILLED);
                kills++;
            }
            while (true) {
                try (ChildNode next = ChildNode.begin(directory)) {
                    await().atMost(PATIENCE).until(() -> !next.isAlive() || isDead());
                    if (next.isAlive()) {
                        break;
                    }
                    assertThat(next.awaitEnd()).isEqualTo(PoisonProcessor.KILLED);
                    kills++;
                }
            }
            assertThat(kills).isEqualTo(KILLS);
            place.start();
            place.koji(Vendor.interview("int_2"));
            place.awaitSettled();

            assertThat(place.deliveries("poisoned"))
                    .extracting(DeliverySummary::state)
                    .containsExactlyInAnyOrder(DeliveryState.DEAD, DeliveryState.SUCCEEDED, DeliveryState.SUCCEEDED);
            assertThat(place.deliveries("tell"))
                    .extracting(DeliverySummary::state)
                    .containsOnly(DeliveryState.SUCCEEDED)
                    .hasSize(3);
        }
    }

    /** The process may die of it before its answer is out. */
    private static void sendPoison(ChildNode node) {
        try {
            node.web().koji(Vendor.interview(PoisonProcessor.POISON));
        } catch (UncheckedIOException died) {
            assertThat(died).hasMessageContaining("no bytes");
        }
    }

    private boolean isDead() {
        try (InboxReader reader = InboxReader.open(directory.resolve("data"))) {
            List<DeliverySummary> dead = reader.deliveries(Optional.of(DeliveryState.DEAD), Optional.of("poisoned"), 0);
            return !dead.isEmpty();
        }
    }
}

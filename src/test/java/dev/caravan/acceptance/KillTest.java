package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.EventSummary;
import dev.caravan.inbox.InboxReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guarantees 1 and 4 under {@code kill -9}. */
@Timeout(120)
class KillTest {
    private static final int EVENTS = 2_000;
    private static final int SENDERS = 4;
    private static final List<Integer> KILLS = List.of(300, 900, 1_500);

    @TempDir
    private Path directory;

    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private volatile int port;

    @Test
    void whatWasAnswered200SurvivesAndIsDelivered() {
        try (Workplace place = new Workplace(directory)) {
            place.route("tell", toSlack("tell", "Done:", "retry: 200ms,200ms,200ms,1s,1s,1s"));
            ChildNode node = start();
            ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
            try {
                for (int i = 0; i < SENDERS; i++) {
                    senders.execute(this::send);
                }
                for (int kill : KILLS) {
                    await().pollInterval(Duration.ofMillis(5))
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> acknowledged.size() >= kill);
                    node.kill();
                    Set<String> before = Set.copyOf(acknowledged.keySet());
                    node = start();
                    assertThat(interviews()).containsAll(before);
                }
                await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() == EVENTS);
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(
                                () -> assertThat(counts()).isEqualTo(Map.of(DeliveryState.SUCCEEDED, (long) EVENTS)));
            } finally {
                senders.shutdownNow();
                node.close();
            }
            assertThat(interviews()).hasSize(EVENTS).doesNotHaveDuplicates();
            Set<String> told = place.slack().accepted().stream()
                    .map(text -> text.substring(text.lastIndexOf(' ') + 1))
                    .collect(Collectors.toSet());
            assertThat(told).hasSize(EVENTS).containsAll(acknowledged.keySet());
        }
    }

    private ChildNode start() {
        ChildNode node = ChildNode.start(directory);
        port = node.port();
        return node;
    }

    /** Sends until all are answered 200, each again until it is, as vendors do. */
    private void send() {
        for (int i = next.getAndIncrement(); i < EVENTS; i = next.getAndIncrement()) {
            String id = "int_" + i;
            String body = Vendor.interview(id);
            while (!acknowledged.containsKey(id) && !Thread.currentThread().isInterrupted()) {
                try {
                    Answer answer = new Web("http://127.0.0.1:" + port).koji(body);
                    if (answer.status() == 200) {
                        acknowledged.put(id, answer.json().path("id").asText());
                    }
                } catch (RuntimeException refused) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private List<String> interviews() {
        try (InboxReader reader = InboxReader.open(directory.resolve("data"))) {
            return reader.events(Optional.empty(), Optional.empty(), 0).stream()
                    .map(EventSummary::idempotencyKey)
                    .map(key -> key.substring(key.indexOf("int_")))
                    .toList();
        }
    }

    private Map<DeliveryState, Long> counts() {
        try (InboxReader reader = InboxReader.open(directory.resolve("data"))) {
            return reader.deliveryCounts();
        }
    }
}

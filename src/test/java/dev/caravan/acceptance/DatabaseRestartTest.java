package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.Postgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The PostgreSQL server of an inbox goes away for some seconds under load and comes back. */
@Timeout(480)
class DatabaseRestartTest {
    private static final int SENDERS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> improper = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean sending = true;

    @Test
    void itAnswers503WhileTheServerIsAwayLosesNothingAndRecoversByItself() throws Exception {
        EmbeddedPostgres server = server(0);
        try (Workplace place = new Workplace(directory)) {
            place.set("caravan.inbox.url", Postgres.newDatabase(server));
            place.route("tell", Workplace.toSlack("tell", "Done:", "retry: 1s,1s,1s,1s,1s"));
            try (ChildNode node = ChildNode.start(directory)) {
                ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
                try {
                    IntStream.range(0, SENDERS).forEach(i -> senders.execute(() -> send(node)));
                    await().atMost(PATIENCE).until(() -> accepted.size() >= 200);
                    server.close();
                    await().atMost(PATIENCE).until(() -> refused.get() >= 20);
                    int before = accepted.size();
                    server = server(server.getPort());
                    await().atMost(PATIENCE).until(() -> accepted.size() >= before + 200);
                } finally {
                    sending = false;
                    senders.shutdown();
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(told(place)).containsAll(accepted));
                assertThat(improper)
                        .as("answers neither 200 nor 503 with Retry-After")
                        .isEmpty();
                LogLines.assertNoFlood(node.lines());
            }
        } finally {
            server.close();
        }
    }

    private EmbeddedPostgres server(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("server"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(PATIENCE)
                .start();
    }

    /** Sends one event after the other, each again until it is answered 200. */
    private void send(ChildNode node) {
        while (sending) {
            String interview = "int_" + next.getAndIncrement();
            while (sending && !accepted.contains(interview)) {
                Answer answer = node.web().koji(Vendor.interview(interview));
                if (answer.status() == 200) {
                    accepted.add(interview);
                } else if (answer.status() == 503
                        && answer.header("Retry-After").isPresent()) {
                    refused.incrementAndGet();
                } else {
                    improper.add(answer.status() + " " + answer.body());
                }
            }
        }
    }

    private static List<String> told(Workplace place) {
        return place.slack().accepted().stream()
                .map(text -> text.substring(text.lastIndexOf(' ') + 1))
                .toList();
    }
}

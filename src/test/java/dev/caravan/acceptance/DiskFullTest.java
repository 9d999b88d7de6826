package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.InboxReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No file of the process can grow beyond a limit, which is what a full disk is to it, and later it can. */
@Timeout(360)
class DiskFullTest {
    /** More than the inbox needs to open, and than it begins with. */
    private static final int LIMIT_KIB = 3_072;

    private static final int IN_A_ROW = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final Set<String> accepted = new HashSet<>();

    @Test
    void itAnswers503WhileItCannotStoreLosesNothingAndRecoversByItself() throws Exception {
        try (Workplace place = new Workplace(directory)) {
            place.route("tell", Workplace.toSlack("tell", "Done:", "retry: 1s,1s,1s,1s,1s"));
            try (ChildNode node = ChildNode.start(
                    directory, "bash", "-c", "ulimit -S -f " + LIMIT_KIB + "; exec \"$@\"", "limited")) {
                List<String> refused = fill(node);
                assertThat(node.isAlive()).isTrue();

                unlimit(node.pid());
                for (String interview : refused) {
                    await().atMost(PATIENCE).until(() -> send(node, interview) == 200);
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(counts())
                                .isEqualTo(Map.of(DeliveryState.SUCCEEDED, (long) accepted.size())));
                LogLines.assertNoFlood(node.lines());
                assertThat(node.lines()).anyMatch(line -> line.contains("can be written again"));
            }
            assertThat(place.slack().accepted()).hasSizeGreaterThanOrEqualTo(accepted.size());
            assertThat(accepted)
                    .allSatisfy(id -> assertThat(place.slack().accepted()).anyMatch(text -> text.endsWith(" " + id)));
        }
    }

    /** Sends until nothing fits any more; those that were refused. */
    private List<String> fill(ChildNode node) {
        List<String> refused = new ArrayList<>();
        for (int i = 0; refused.size() < IN_A_ROW; i++) {
            String interview = "int_" + i;
            if (send(node, interview) == 503) {
                refused.add(interview);
            }
        }
        return refused;
    }

    /** An event of 100 KB; its answer is 200, or 503 with when to come again. */
    private int send(ChildNode node, String interview) {
        Answer answer = node.web().koji(Vendor.interview(interview, "study_1", "A".repeat(100_000)));
        if (answer.status() == 200) {
            accepted.add(interview);
        } else {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isPresent();
        }
        return answer.status();
    }

    private static void unlimit(long pid) throws IOException, InterruptedException {
        Process raise = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=unlimited:")
                .inheritIO()
                .start();
        assertThat(raise.waitFor()).isZero();
    }

    private Map<DeliveryState, Long> counts() {
        try (InboxReader reader = InboxReader.open(directory.resolve("data"))) {
            return reader.deliveryCounts();
        }
    }
}

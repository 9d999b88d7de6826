package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guarantees 1, 4 and 5 with the process dead at each write boundary in turn, from its start to the end of two
 * deliveries whose last step fails once. What is to be seen from outside is judged: the answers, the inbox on disk, and
 * the effects.
 */
@Timeout(900)
class CrashPointTest {
    private static final List<String> STEPS = List.of("row", "message", "call");
    private static final int AT_ONCE = 2;

    /** Before and after: an event stored, three steps and two attempts. */
    private static final int FEWEST = 12;

    @TempDir
    private Path directory;

    private final AtomicInteger boundaries = new AtomicInteger();
    private final AtomicBoolean survived = new AtomicBoolean();

    @ParameterizedTest
    @EnumSource(Store.class)
    void nothingIsLostAndNothingOnRecordIsRepeated(Store store) {
        ExecutorService lives = Executors.newFixedThreadPool(AT_ONCE);
        try {
            IntStream.range(0, AT_ONCE)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> crashAtEach(store), lives))
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            lives.shutdownNow();
        }
        assertThat(boundaries).hasValueGreaterThan(FEWEST);
    }

    private void crashAtEach(Store store) {
        while (!survived.get()) {
            int boundary = boundaries.incrementAndGet();
            Path place = directory.resolve("boundary" + boundary);
            assertThat(place.toFile().mkdir()).isTrue();
            try (ThreeSteps three = new ThreeSteps(place, store, "100ms,100ms,100ms")) {
                three.place().set("caravan.delivery.lease", "1s");
                three.calls().answer((interview, number) -> number == 1 ? 503 : 200);
                new Life(three, store, boundary).run();
            } catch (AssertionError | RuntimeException e) {
                survived.set(true);
                throw new AssertionError("Crashed at boundary " + boundary + ": " + e.getMessage(), e);
            }
        }
    }

    /** One process up to its death, and the next. */
    private final class Life {
        private final ThreeSteps three;
        private final int boundary;
        private final List<String> interviews;
        private final Map<String, String> answered = new ConcurrentHashMap<>();

        Life(ThreeSteps three, Store store, int boundary) {
            this.three = three;
            this.boundary = boundary;
            // Two share commits; on PostgreSQL, where each next process waits for a lease, one has to do.
            this.interviews = store == Store.SQLITE ? List.of("int_1", "int_2") : List.of("int_1");
        }

        void run() {
            try (ChildNode node = ChildNode.crashing(three.place().directory(), boundary)) {
                node.awaitPortOrEnd();
                interviews.stream()
                        .map(id -> CompletableFuture.runAsync(() -> send(node, id)))
                        .toList()
                        .forEach(CompletableFuture::join);
                await().atMost(Duration.ofMinutes(1)).until(() -> !node.isAlive() || isDone());
                if (isOver(node)) {
                    survived.set(true);
                    return;
                }
                assertThat(node.awaitEnd()).isEqualTo(CrashingNode.CRASHED);
            }
            Map<String, Seen> before = seen();
            three.place().start();
            interviews.forEach(this::sendAgain);
            interviews.forEach(three::awaitSucceeded);
            three.place().stop();
            assertThat(three.ask("SELECT id FROM event WHERE source = ?", "koji"))
                    .hasSize(interviews.size());
            seen().forEach((id, after) -> after.check(Objects.requireNonNull(before.get(id))));
        }

        /** A process that is to die at the last boundary of all may not have died yet when its work is seen to be done. */
        private boolean isOver(ChildNode node) {
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            return node.isAlive();
        }

        private void send(ChildNode node, String id) {
            if (node.isAlive()) {
                try {
                    Answer answer = node.web().koji(Vendor.interview(id));
                    assertThat(answer.summary()).isEqualTo("200 accepted");
                    answered.put(id, answer.json().path("id").asText());
                } catch (RuntimeException | AssertionError e) {
                    await().atMost(Duration.ofSeconds(20)).until(() -> !node.isAlive());
                }
            }
        }

        private void sendAgain(String id) {
            Answer answer = three.place().koji(Vendor.interview(id));
            String before = answered.get(id);
            if (before != null) {
                assertThat(answer.summary()).isEqualTo("200 duplicate");
                assertThat(answer.json().path("id").asText()).isEqualTo(before);
            }
            assertThat(answer.status()).isEqualTo(200);
        }

        private boolean isDone() {
            return answered.size() == interviews.size()
                    && interviews.stream().allMatch(id -> three.states(id).equals(List.of("succeeded")));
        }

        /** What was on its way when the process died has arrived. */
        private Map<String, Seen> seen() {
            await().pollDelay(Duration.ofMillis(150)).until(() -> true);
            Map<String, Seen> seen = new ConcurrentHashMap<>();
            interviews.forEach(id -> seen.put(id, Seen.of(three, id)));
            return seen;
        }
    }

    /** What there is to be seen of one interview. */
    private record Seen(String interview, List<String> recorded, ThreeSteps.Effects effects) {
        static Seen of(ThreeSteps three, String interview) {
            boolean done = three.states(interview).equals(List.of("succeeded"));
            return new Seen(interview, done ? STEPS : three.recorded(interview), three.effects(interview));
        }

        private List<Integer> counts() {
            return List.of(effects.writes(), effects.messages(), effects.calls());
        }

        /** An effect that was on record stays as it was; one that had happened unrecorded may happen once more. */
        void check(Seen before) {
            assertThat(recorded).isEqualTo(STEPS);
            for (int i = 0; i < STEPS.size(); i++) {
                String step = interview + " " + STEPS.get(i) + ", of " + before;
                int then = before.counts().get(i);
                int now = counts().get(i);
                if (before.recorded().contains(STEPS.get(i))) {
                    assertThat(then).as(step).isEqualTo(1);
                    assertThat(now).as(step).isEqualTo(1);
                } else {
                    assertThat(now).as(step).isBetween(1, then + 1);
                }
            }
        }
    }
}

package dev.caravan.acceptance;

import static dev.caravan.acceptance.ThreeSteps.Effects.ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.inbox.DeliveryState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantees 4 and 5: every effect of an automation happens, and none that is on record happens again. */
@Timeout(480)
class ThreeStepsTest {
    private static final int MANY = 500;
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Store.class)
    void theFirstTwoHappenOnceWhileTheThirdFailsTwice(Store store) {
        try (ThreeSteps three = new ThreeSteps(directory, store, "50ms,50ms,50ms")) {
            three.calls().answer((interview, number) -> number <= 2 ? 503 : 200);
            three.place().start();
            three.place().koji(Vendor.interview("int_1"));
            three.awaitSucceeded("int_1");

            assertThat(three.effects("int_1")).isEqualTo(ONCE);
            assertThat(three.calls().calls("int_1")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theSameOfFiveHundredAtOnce(Store store) {
        try (ThreeSteps three = new ThreeSteps(directory, store, "50ms,50ms,50ms")) {
            three.calls().answer((interview, number) -> number <= 2 ? 503 : 200);
            three.place().start();
            List<String> interviews =
                    IntStream.range(0, MANY).mapToObj(i -> "int_" + i).toList();
            interviews.stream()
                    .map(id -> CompletableFuture.supplyAsync(() -> three.place().koji(Vendor.interview(id))))
                    .toList()
                    .forEach(answer -> assertThat(answer.join().summary()).isEqualTo("200 accepted"));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(three.place().inbox().deliveryCounts())
                            .isEqualTo(Map.of(DeliveryState.SUCCEEDED, (long) MANY)));

            assertThat(interviews).allSatisfy(id -> {
                assertThat(three.effects(id)).isEqualTo(ONCE);
                assertThat(three.calls().calls(id)).isEqualTo(3);
            });
        }
    }

    /** The step after is held while the process dies, so that of all three only the record is put to the test. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void theSameWithKillMinusNineAfterEachStep(Store store) {
        try (ThreeSteps three = new ThreeSteps(directory, store, "100ms,100ms,100ms,100ms,100ms,100ms")) {
            three.place().set("caravan.delivery.lease", "2s");
            CompletableFuture<Integer> message = new CompletableFuture<>();
            CompletableFuture<Integer> call = new CompletableFuture<>();
            three.place().slack().answer(text -> SlackStandIn.Reply.of(message.join()));
            three.calls().answer((interview, number) -> call.join());
            try (ChildNode node = ChildNode.start(directory)) {
                assertThat(node.web().koji(Vendor.interview("int_1")).summary()).isEqualTo("200 accepted");
                three.awaitRecorded("int_1", "row");
                node.kill();
            }
            three.place().slack().acceptAll();
            message.complete(503);
            try (ChildNode node = ChildNode.start(directory)) {
                three.awaitRecorded("int_1", "message");
                node.kill();
            }
            int begun = three.calls().calls("int_1");
            three.calls().answer((interview, number) -> number <= begun + 2 ? 503 : 200);
            call.complete(503);
            try (ChildNode node = ChildNode.start(directory)) {
                three.awaitSucceeded("int_1");
                node.kill();
            }
            three.place().start();
            assertThat(three.place().koji(Vendor.interview("int_1")).summary()).isEqualTo("200 duplicate");
            three.place().koji(Vendor.interview("int_2"));
            three.awaitSucceeded("int_2");

            assertThat(three.effects("int_1")).isEqualTo(ONCE);
            assertThat(three.effects("int_2")).isEqualTo(ONCE);
            assertThat(three.recorded("int_1")).isEmpty();
        }
    }

    /** The second node runs all the while, and has nothing to do until the first is gone. */
    @Test
    void aSecondNodeGoesOnWhereTheFirstDied() {
        try (ThreeSteps three = new ThreeSteps(directory, Store.POSTGRESQL, "100ms,100ms,100ms")) {
            three.place().set("caravan.delivery.lease", "2s");
            CompletableFuture<Integer> held = new CompletableFuture<>();
            three.place().slack().answer(text -> SlackStandIn.Reply.of(held.join()));
            three.calls().answer((interview, number) -> number <= 2 ? 503 : 200);
            try (ChildNode first = ChildNode.start(directory);
                    ChildNode second = ChildNode.start(directory)) {
                assertThat(first.web().koji(Vendor.interview("int_1")).summary())
                        .isEqualTo("200 accepted");
                three.awaitRecorded("int_1", "row");
                first.kill();
                three.place().slack().acceptAll();
                held.complete(503);
                three.awaitSucceeded("int_1");

                assertThat(three.effects("int_1")).isEqualTo(ONCE);
                assertThat(second.web().koji(Vendor.interview("int_1")).summary())
                        .isEqualTo("200 duplicate");
            }
        }
    }
}

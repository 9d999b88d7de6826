package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a vendor is answered when the node cannot do its part: in time, 503, and never a 4xx. */
@Timeout(60)
class StorageFaultTest {
    private static final Duration SOON = Duration.ofSeconds(15);

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
    void anEventThatCannotBeStoredHasToComeAgainAndTakesNoOtherWithIt() throws Exception {
        place.start();
        place.stop();
        fault("CREATE TRIGGER fault BEFORE INSERT ON event WHEN instr(NEW.body, 'int_fault')"
                + " BEGIN SELECT RAISE(ABORT, 'no room'); END");
        place.start();
        String body = Vendor.interview("int_fault");
        List<CompletableFuture<Answer>> others = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> place.koji(Vendor.interview("int_" + i))))
                .toList();
        Answer refused = place.koji(body);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(refused.body()).doesNotContain("no room", "SQL");
        assertThat(others)
                .allSatisfy(other -> assertThat(other.join().summary()).isEqualTo("200 accepted"));

        place.stop();
        fault("DROP TRIGGER fault");
        place.start();
        assertThat(place.koji(body).summary()).isEqualTo("200 accepted");
    }

    private void fault(String sql) throws SQLException {
        try (Connection database = place.database();
                Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aCommitThatHangsIsAnsweredInTimeAndTheRetryIsADuplicateOnceItLanded() {
        CountDownLatch hang = new CountDownLatch(1);
        place.route("tell", Workplace.toSlack("tell", "Done:")).start(settled -> TerminationTest.awaitLatch(hang));
        place.koji(Vendor.interview("int_first"));
        await().atMost(SOON).until(() -> place.slack().accepted().size() == 1);
        String body = Vendor.interview("int_hangs");

        long began = System.nanoTime();
        Answer late = place.koji(body);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(4_900));
        assertThat(late.status()).isEqualTo(503);
        assertThat(late.header("Retry-After")).isPresent();
        assertThat(place.management().get("/observe/health/ready").status()).isEqualTo(503);
        assertThat(place.management().get("/observe/health/live").status()).isEqualTo(200);

        hang.countDown();
        await().atMost(SOON).until(() -> place.inbox().eventCount() == 2);
        assertThat(place.koji(body).summary()).isEqualTo("200 duplicate");
        await().atMost(SOON)
                .until(() -> place.management().get("/observe/health/ready").status() == 200);
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(2);
    }

    @Test
    void whoStopsSendingHalfWayIsAnsweredAndLeavesNothingBehind() throws Exception {
        place.set("caravan.http.max-in-flight", "1").start();
        try (Socket half = half("Content-Length: 100\r\n\r\n{\"half\":")) {
            await().atMost(SOON)
                    .until(() -> place.koji(Vendor.interview("int_while_half")).status() == 503);
            half.setSoTimeout(6_000);
            byte[] answer = half.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isIn("HTTP/1.1 503", "");
        }
        assertThat(place.koji(Vendor.interview("int_while_half")).summary()).isEqualTo("200 accepted");
    }

    @Test
    void whoHangsUpHalfWayLeavesNothingBehind() throws Exception {
        place.set("caravan.http.max-in-flight", "1").start();
        for (int i = 0; i < 20; i++) {
            half("Content-Length: 100\r\n\r\n{\"half\":").close();
            half("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"hal").close();
        }
        await().atMost(Duration.ofSeconds(3))
                .until(() -> place.koji(Vendor.interview("int_after")).status() == 200);
    }

    private Socket half(String text) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), place.node().port());
        OutputStream out = socket.getOutputStream();
        out.write(("POST /webhooks/koji HTTP/1.1\r\nHost: x\r\n" + text).getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }
}

package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineBoundsTest {
    private static final Instant START = Instant.parse("2026-04-16T10:23:00Z");

    @TempDir
    private Path directory;

    private InboxWriter writer;

    @BeforeEach
    void open() throws SQLException {
        SqliteFile file = new SqliteFile(directory.resolve("caravan.db"));
        try (var connection = file.connect()) {
            Migrations.apply(file, connection);
        }
        writer = new InboxWriter(file, new SteadyClock(Clock.systemUTC()), CommitObserver.NONE);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private CompletableFuture<Boolean> add(int number, int bytes, QuarantineTable.Bounds bounds) {
        byte[] body = String.format("%0" + bytes + "d", number).getBytes(StandardCharsets.US_ASCII);
        Refusal refusal = new Refusal(
                "koji", Refusal.Kind.UNVERIFIED, "no", START.plusSeconds(number), "::1", "POST", "/", Map.of(), body);
        return writer.submit(session ->
                QuarantineTable.add(session, "qrt_" + System.nanoTime(), refusal, Columns.sha256(body), bounds));
    }

    private List<Integer> kept() {
        return writer.submit(session -> {
                    List<Integer> bodies = new ArrayList<>();
                    try (ResultSet row = session.prepare(
                                    "SELECT CAST(CAST(body AS TEXT) AS INTEGER) FROM quarantine ORDER BY 1")
                            .executeQuery()) {
                        while (row.next()) {
                            bodies.add(row.getInt(1));
                        }
                    }
                    return bodies;
                })
                .join();
    }

    @Test
    void theOldestMakeRoomForANewOneAndNotForARepeatedOne() {
        QuarantineTable.Bounds three = new QuarantineTable.Bounds(3, 1_000);
        for (int number : new int[] {1, 2, 3, 3, 3}) {
            add(number, 10, three).join();
        }
        assertThat(kept()).containsExactly(1, 2, 3);

        add(4, 10, three).join();

        assertThat(kept()).containsExactly(2, 3, 4);
    }

    @Test
    void bodiesAreBoundedTogetherAndTheNewestIsAlwaysKept() {
        QuarantineTable.Bounds bytes = new QuarantineTable.Bounds(100, 30);
        for (int number = 1; number <= 4; number++) {
            add(number, 10, bytes).join();
        }
        assertThat(kept()).containsExactly(2, 3, 4);

        add(5, 50, bytes).join();

        assertThat(kept()).containsExactly(5);
    }

    @Test
    void whatARefusalCostsDoesNotGrowWithHowManyThereAre() {
        QuarantineTable.Bounds many = new QuarantineTable.Bounds(10_000, 1L << 30);
        List<CompletableFuture<Boolean>> fill = new ArrayList<>();
        for (int number = 0; number < 10_000; number++) {
            fill.add(add(number, 100, many));
        }
        fill.forEach(CompletableFuture::join);
        long began = System.nanoTime();
        List<CompletableFuture<Boolean>> more = new ArrayList<>();
        for (int number = 10_000; number < 11_000; number++) {
            more.add(add(number, 100, many));
        }
        more.forEach(CompletableFuture::join);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        assertThat(kept()).hasSize(10_000).startsWith(1_000);
    }
}

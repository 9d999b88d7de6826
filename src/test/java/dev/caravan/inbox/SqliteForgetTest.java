package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SqliteForgetTest extends ForgetContract {
    private static final String EMAIL = "ann.unmistakable@example.com";

    @Override
    InboxSettings settings() {
        return InboxSettings.sqlite(directory);
    }

    @Override
    String url() {
        return "jdbc:sqlite:" + directory.resolve("caravan.db");
    }

    private List<String> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> contents(file).contains(text))
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static String contents(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noFileOfTheInboxHoldsTheBytesAnyMore() throws Exception {
        subscribe("tell");
        String large = "x".repeat(20_000);
        IntStream.range(0, 40).forEach(i -> {
            store("k" + i, "{\"email\":\"" + EMAIL + "\",\"text\":\"" + EMAIL + large + "\"}");
            store("other" + i, "{\"email\":\"bob@example.com\",\"text\":\"" + large + "\"}");
            Claimed claimed = inbox.claim("tell", 1).join().claimed().get(0);
            inbox.recordStep(
                            claimed,
                            new StepRecord(
                                    "message",
                                    StepRecord.Kind.FINISHED,
                                    large + new String(claimed.event().body(), StandardCharsets.UTF_8),
                                    1))
                    .join();
            settle(claimed, i % 2 == 0 ? DeliveryState.SUCCEEDED : DeliveryState.DEAD);
        });
        assertThat(filesWith(EMAIL)).contains("caravan.db-wal");

        inbox.forget().person(new PersonalValue(JsonPointer.compile("/email"), EMAIL, Optional.empty()));

        assertThat(filesWith(EMAIL)).isEmpty();
        assertThat(inbox.reader().events(Optional.of("koji"), Optional.empty(), 0))
                .hasSize(80);
        assertThat(store("k1", "{}").duplicate()).isTrue();
    }

    @Test
    void whatArrivesWhileTheLogIsReadDoesNotWait() throws Exception {
        store("k1", "{\"email\":\"" + EMAIL + "\"}");
        try (var reading = java.sql.DriverManager.getConnection(url());
                var statement = reading.createStatement()) {
            reading.setAutoCommit(false);
            statement.executeQuery("SELECT count(*) FROM event").close();
            var forgetting = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return inbox.forget()
                            .person(new PersonalValue(JsonPointer.compile("/email"), EMAIL, Optional.empty()));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            org.awaitility.Awaitility.await()
                    .until(() -> inbox.reader()
                            .events(Optional.empty(), Optional.empty(), 1)
                            .get(0)
                            .removedAt()
                            .isPresent());
            assertThat(store("k2", "{}").duplicate()).isFalse();
            assertThat(forgetting).isNotDone();

            reading.rollback();
            assertThat(forgetting.join().events()).isEqualTo(1);
        }
        assertThat(filesWith(EMAIL)).isEmpty();
    }
}

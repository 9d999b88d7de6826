package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite answers a full database file as it answers a full disk. */
class FullDiskTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final int SOME_KIB = 64 * 1024;

    @TempDir
    private Path directory;

    @Test
    void theInboxStoresAgainOnceThereIsRoom() throws SQLException {
        SqliteFile file = new SqliteFile(directory.resolve("caravan.db"));
        try (var connection = file.connect()) {
            Migrations.apply(file, connection);
        }
        Subscriptions subscriptions = new Subscriptions();
        AtomicInteger reserved = new AtomicInteger();
        Runners runners = new CountingRunners(reserved);
        Ids ids = new Ids(CLOCK, RandomGenerator.of("L64X128MixRandom"));
        try (InboxWriter writer = new InboxWriter(file, new SteadyClock(CLOCK), CommitObserver.NONE)) {
            Membership membership = new Membership(writer, ids, "here", Duration.ofSeconds(30), () -> {});
            writer.submit(new SubscriptionTable.Change(session -> SubscriptionTable.put(
                            session, new Subscription("a", "f", List.of("*"), List.of("*")), "nod_1", "here")))
                    .join();
            mostPages(writer, 60);
            StoreEvent tooMuch = new StoreEvent(
                    IntStream.range(0, 20).mapToObj(FullDiskTest::arrival).toList(),
                    subscriptions,
                    runners,
                    ids,
                    membership);
            assertThatThrownBy(() -> writer.submit(tooMuch).join()).hasCauseInstanceOf(StorageException.class);

            mostPages(writer, 100000);

            assertThat(writer.submit(session -> session.prepare("SELECT 1 FROM event")
                                    .executeQuery()
                                    .next())
                            .join())
                    .as("half a batch")
                    .isFalse();
            assertThat(writer.submit(new StoreEvent(List.of(arrival(99)), subscriptions, runners, ids, membership))
                            .orTimeout(5, TimeUnit.SECONDS)
                            .join())
                    .hasSize(1);
        }
        assertThat(reserved).hasValue(0);
    }

    private static void mostPages(InboxWriter writer, int pages) {
        writer.submit(session -> {
                    session.prepare("DELETE FROM event WHERE id = ''").executeUpdate();
                    try (ResultSet row =
                            session.prepare("PRAGMA max_page_count = " + pages).executeQuery()) {
                        return row.next();
                    }
                })
                .join();
    }

    private static Arrival arrival(int number) {
        return new Arrival("koji", "t", Optional.empty(), "k" + number, Map.of(), new byte[SOME_KIB], CLOCK.instant());
    }

    /** Counts the places that are reserved and neither used nor given back. */
    private record CountingRunners(AtomicInteger reserved) implements Runners {
        @Override
        public boolean reserve(String automation) {
            reserved.incrementAndGet();
            return true;
        }

        @Override
        public void cancel(String automation) {
            reserved.decrementAndGet();
        }

        @Override
        public void run(Claimed claimed) {
            reserved.decrementAndGet();
        }

        @Override
        public void waiting(String automation) {}
    }
}

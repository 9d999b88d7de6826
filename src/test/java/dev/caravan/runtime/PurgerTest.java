package dev.caravan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.caravan.LogLines;
import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.Purged;
import dev.caravan.inbox.RetentionSettings;
import dev.caravan.settings.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PurgerTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path directory;

    private static void store(Inbox inbox, String key) {
        inbox.store(List.of(new Arrival(
                        "koji",
                        "interview.completed",
                        Optional.empty(),
                        key,
                        Map.of(),
                        new byte[] {'{', '}'},
                        CLOCK.instant().minus(Duration.ofDays(40)))))
                .join();
    }

    @Test
    void itPurgesAgainAndAgainAndTellsOfWhatItDid() {
        RetentionSettings settings = RetentionSettings.read(Settings.of(directory, Map.of()));
        List<Purged> told = new CopyOnWriteArrayList<>();
        try (Inbox inbox = Inbox.open(directory, CLOCK);
                LogLines log = new LogLines()) {
            store(inbox, "k1");
            try (Purger purger =
                    Purger.start(inbox.purge(), settings, told::add, Duration.ofMillis(10), Duration.ofMillis(20))) {
                await().until(() -> told.contains(new Purged(1, 0, 0)));
                assertThat(log.at(Level.INFO)).anyMatch(line -> line.contains("Purged the payloads of 1 events"));

                store(inbox, "k2");
                await().until(() -> told.stream().filter(p -> p.events() == 1).count() == 2);
                assertThat(purger.isRunning()).isTrue();
                purger.close();
                assertThat(purger.isRunning()).isFalse();
            }
            assertThat(log.at(Level.WARN)).isEmpty();
        }
    }
}

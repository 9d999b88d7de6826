package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SqliteQuarantineTest extends QuarantineContract {
    @Override
    InboxSettings settings() {
        return InboxSettings.sqlite(directory);
    }

    @Test
    void whatARefusalCostsDoesNotGrowWithHowManyThereAre() {
        keepAll(0, 10_000);
        long began = System.nanoTime();
        keepAll(10_000, 11_000);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(all()).hasSize(10_000);
        assertThat(kept()).startsWith(1_000);
    }

    private void keepAll(int from, int to) {
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int number = from; number < to; number++) {
            waiting.add(keep(VENDOR, number));
            if (waiting.size() == 500) {
                waiting.forEach(CompletableFuture::join);
                waiting.clear();
            }
        }
        waiting.forEach(CompletableFuture::join);
    }
}

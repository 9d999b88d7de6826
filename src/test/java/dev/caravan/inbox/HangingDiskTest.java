package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HangingDiskTest {

    @Test
    @Timeout(20)
    void theInboxClosesAllTheSameAndKeepsItsDirectoryWhileAWriteMayStillHappen(@TempDir Path directory)
            throws Exception {
        Inbox inbox = Inbox.open(directory, Clock.systemUTC());
        CountDownLatch hang = new CountDownLatch(1);
        inbox.probe().thenRun(() -> awaitLatch(hang));

        Thread closing = new Thread(inbox::close);
        closing.start();
        closing.join(TimeUnit.SECONDS.toMillis(10));

        assertThat(closing.isAlive()).isFalse();
        assertThatThrownBy(() -> Inbox.open(directory, Clock.systemUTC())).hasMessageContaining("in use");
        hang.countDown();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

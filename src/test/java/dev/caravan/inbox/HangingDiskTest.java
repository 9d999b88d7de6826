package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch hang = new CountDownLatch(1);
        inbox.attach(new Runners() {
            @Override
            public boolean reserve(String automation) {
                hangs.countDown();
                awaitLatch(hang);
                return false;
            }

            @Override
            public void cancel(String automation) {}

            @Override
            public void run(Claimed claimed) {}

            @Override
            public void waiting(String automation) {}
        });
        inbox.subscribe(new Subscription("a", "f", List.of("*"), List.of("*"))).join();
        inbox.store(List.of(new Arrival(
                "koji",
                "t",
                Optional.empty(),
                "k",
                Map.of(),
                new byte[0],
                Clock.systemUTC().instant())));
        awaitLatch(hangs);

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

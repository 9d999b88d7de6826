package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What quarantine promises, whatever database holds it. */
@Timeout(60)
abstract class QuarantineContract {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Instant START = Instant.parse("2026-04-16T10:23:00Z");
    static final String VENDOR = "203.0.113.7";
    private static final String FORGER = "198.51.100.9";
    private static final Map<String, String> SIGNED = Map.of("x-koji-signature", "sha256=aa");

    @TempDir
    Path directory;

    private Inbox inbox;

    /** A new inbox; the same for the same test. */
    abstract InboxSettings settings();

    @BeforeEach
    void open() {
        inbox = Inbox.open(settings(), CLOCK, CommitObserver.NONE);
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    private void bound(int entries, long bytes) {
        inbox.quarantine().bound(new QuarantineBounds(entries, bytes, Duration.ofDays(30)));
    }

    private static Refusal refusal(String address, int number, int bytes, Map<String, String> headers) {
        byte[] body = String.format("%0" + bytes + "d", number).getBytes(StandardCharsets.US_ASCII);
        return new Refusal(
                "koji", Refusal.Kind.UNVERIFIED, "no", START.plusSeconds(number), address, "POST", "/", headers, body);
    }

    CompletableFuture<Boolean> keep(String address, int number) {
        return inbox.quarantine().keep(refusal(address, number, 10, Map.of()));
    }

    List<Quarantined.Summary> all() {
        return inbox.reader().quarantine().list(Optional.empty(), Optional.empty(), 0);
    }

    private Quarantined only() {
        assertThat(all()).hasSize(1);
        return inbox.reader().quarantine().find(all().get(0).id()).orElseThrow();
    }

    /** The numbers of what is kept, oldest first. */
    List<Integer> kept() {
        return inbox.reader().quarantine().idsOf("koji").stream()
                .map(id -> inbox.reader().quarantine().find(id).orElseThrow().body())
                .map(body -> Integer.parseInt(new String(body, StandardCharsets.US_ASCII)))
                .toList();
    }

    @Test
    void theOldestOfASenderMakeRoomForANewOneAndNotForARepeatedOne() {
        bound(3, 1_000);
        for (int number : new int[] {1, 2, 3, 3, 3}) {
            keep(VENDOR, number).join();
        }
        assertThat(kept()).containsExactly(1, 2, 3);

        keep(VENDOR, 4).join();

        assertThat(kept()).containsExactly(2, 3, 4);
    }

    @Test
    void aFloodFromOneAddressDoesNotPushOutWhatAnotherSent() {
        bound(50, 1 << 20);
        for (int number = 0; number < 10; number++) {
            keep(VENDOR, number);
        }
        for (int number = 100; number < 400; number++) {
            keep(FORGER, number);
        }
        keep(VENDOR, 1_000).join();

        assertThat(kept())
                .hasSize(50)
                .startsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 361)
                .endsWith(1_000);
    }

    @Test
    void allOfAnIpv6NetworkIsOneSender() {
        bound(20, 1 << 20);
        keep("2001:db8:1::1", 0);
        keep("2001:db8:1::2", 1);
        for (int number = 100; number < 150; number++) {
            keep("2001:db8:bad:1::" + number, number).join();
        }

        assertThat(kept()).hasSize(20).startsWith(0, 1);
    }

    @Test
    void whoTakesUpMostBytesGivesUpItsOldestWhereThereAreTooMany() {
        bound(100, 1_000);
        for (int number = 0; number < 10; number++) {
            keep(VENDOR, number).join();
        }
        for (int number = 100; number < 110; number++) {
            inbox.quarantine().keep(refusal(FORGER, number, 400, Map.of())).join();
        }

        assertThat(kept()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 108, 109);
    }

    @Test
    void headersCountAmongTheBytes() {
        bound(100, 1_000);
        for (int number = 0; number < 10; number++) {
            inbox.quarantine()
                    .keep(refusal(VENDOR, number, 10, Map.of("x-long", "x".repeat(400))))
                    .join();
        }

        assertThat(kept()).containsExactly(8, 9);
    }

    @Test
    void identicalBodiesAreOneEntryWithACountAndTheirFirstHeadersStay() {
        inbox.quarantine().keep(refusal(VENDOR, 1, 10, SIGNED)).join();
        for (int i = 0; i < 20; i++) {
            inbox.quarantine()
                    .keep(refusal(FORGER, 1, 10, Map.of("x-koji-signature", "forged " + i)))
                    .join();
        }

        Quarantined found = only();
        assertThat(found.summary().count()).isEqualTo(21);
        assertThat(found.requests()).hasSizeLessThan(8);
        assertThat(found.requests().get(0).headers()).isEqualTo(SIGNED);
        assertThat(found.requests().get(0).address()).isEqualTo(VENDOR);
    }

    @Test
    void whoSentABodyBeforeItsVendorDoesNotKeepTheVendorsHeadersOut() {
        for (int i = 0; i < 20; i++) {
            inbox.quarantine()
                    .keep(refusal(FORGER, 1, 10, Map.of("x-koji-signature", "forged " + i)))
                    .join();
        }
        inbox.quarantine().keep(refusal(VENDOR, 1, 10, SIGNED)).join();
        for (int i = 20; i < 40; i++) {
            inbox.quarantine()
                    .keep(refusal(FORGER, 1, 10, Map.of("x-koji-signature", "forged " + i)))
                    .join();
        }

        assertThat(only().requests()).anyMatch(request -> request.headers().equals(SIGNED));
    }

    @Test
    void whatIsTooOldGoes() {
        keep(VENDOR, 1).join();
        Instant now = CLOCK.instant();
        inbox.quarantine()
                .keep(new Refusal(
                        "koji", Refusal.Kind.UNVERIFIED, "no", now, VENDOR, "POST", "/", Map.of(), new byte[] {'2'}))
                .join();
        inbox.quarantine().bound(new QuarantineBounds(10, 1_000, Duration.ofDays(1)));

        assertThat(inbox.quarantine().dropAged().join()).isEqualTo(1);
        assertThat(inbox.quarantine().dropAged().join()).isZero();
        assertThat(kept()).containsExactly(2);
    }

    @Test
    void oneIsAdmittedOnceAndHasThenLeft() {
        keep(VENDOR, 1).join();
        String id = only().summary().id();
        Quarantine.Admitted admitted = new Quarantine.Admitted(
                id, List.of(InboxContract.arrival("k1", "{}"), InboxContract.arrival("k2", "{}")));

        List<CompletableFuture<List<Optional<List<Stored>>>>> tries = IntStream.range(0, 3)
                .mapToObj(i -> inbox.quarantine().admit(List.of(admitted)))
                .toList();

        assertThat(tries.stream().filter(one -> one.join().get(0).isPresent())).hasSize(1);
        assertThat(inbox.reader().eventCount()).isEqualTo(2);
        assertThat(all()).isEmpty();
        assertThat(inbox.quarantine().drop(id).join()).isFalse();
    }

    @Test
    void theTotalsAreRightAfterAllThatCanHappen() {
        bound(2, 1_000);
        keep(VENDOR, 1).join();
        keep(VENDOR, 2).join();
        assertThat(inbox.quarantine().drop(all().get(0).id()).join()).isTrue();
        keep(VENDOR, 3).join();
        assertThat(kept()).containsExactly(1, 3);
        keep(VENDOR, 4).join();
        assertThat(kept()).containsExactly(3, 4);
        inbox.close();
        open();
        bound(2, 1_000);
        keep(VENDOR, 5).join();
        assertThat(kept()).containsExactly(4, 5);
    }

    @Test
    void aFloodOfRefusalsIsBoundedCountedAndNeverInTheWayOfEvents() {
        CompletableFuture<Boolean> gate = new CompletableFuture<>();
        inbox.subscribe(new Subscription("a", "f", List.of("*"), List.of("*"))).join();
        inbox.attach(new Runners() {
            @Override
            public boolean reserve(String automation) {
                return gate.orTimeout(20, TimeUnit.SECONDS).join();
            }

            @Override
            public void run(Claimed claimed) {}

            @Override
            public void cancel(String automation) {}

            @Override
            public void waiting(String automation) {}
        });
        CompletableFuture<List<Stored>> first = inbox.store(List.of(InboxContract.arrival("k0", "{}")));
        for (int number = 0; number < 5_000; number++) {
            inbox.quarantine().offer(refusal(FORGER, number, 10, Map.of()));
        }
        List<CompletableFuture<List<Stored>>> events = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            CompletableFuture<List<Stored>> stored = inbox.store(List.of(InboxContract.arrival("k" + i, "{}")));
            events.add(stored);
        }
        CompletableFuture<Boolean> last = inbox.quarantine().keep(refusal(VENDOR, 9_999, 10, Map.of()));
        assertThat(inbox.quarantine().dropped()).isGreaterThan(3_000);
        gate.complete(false);

        events.get(199).join();
        assertThat(last).as("a refusal waits for the events that are there").isNotDone();
        assertThat(first).isDone();
        assertThat(last.join()).isTrue();
        assertThat(all().size() + inbox.quarantine().dropped()).isEqualTo(5_001);
    }

    @Test
    void aRefusalDoesNotWaitForeverWhereThereAreAlwaysEvents() {
        CompletableFuture<Boolean> kept = keep(VENDOR, 1);
        int i = 0;
        long began = System.nanoTime();
        while (!kept.isDone() && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(10)) {
            inbox.store(List.of(InboxContract.arrival("k" + i++, "{}")));
        }
        assertThat(kept).isCompletedWithValue(true);
    }

    @Test
    void theLatestMatchOfASecretIsKept() {
        inbox.quarantine().matched("koji", "d1", START.plusSeconds(60));
        inbox.quarantine().matched("koji", "d1", START);
        inbox.quarantine().matched("koji", "d2", START);
        keep(VENDOR, 1).join();

        assertThat(inbox.reader().quarantine().secretMatches())
                .containsOnly(Map.entry("d1", START.plusSeconds(60)), Map.entry("d2", START));
    }
}
